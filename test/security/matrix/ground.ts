import type { INestApplication } from '@nestjs/common';
import {
  Clock,
  Mailer,
  PasswordHasher,
  type RegStackGraphOptions,
  RegStackModule,
  type RegStackOptions,
  SmsSender,
  UsersService,
} from '@regstack/nestjs';
import { CapturedMail, CapturedSms, FakeClock } from '@regstack/nestjs/testing';
import { generateSync } from 'otplib';
import { freshDatabase, PASSWORD } from '../../support/demo';
import { Host, SETTINGS } from '../../support/host';
import { LightHasher } from '../../support/stage/light.hasher';
import { routesOf } from '../discovery';
import { routerFacts } from '../router-facts';
import { HOST_CONTROLLERS } from '../../support/guarded.controllers';
import type { Regime } from './table';

/** Settings and graph options. */
export type Options = RegStackOptions & RegStackGraphOptions;

/** What a sign-in gives a client. */
export interface Pass {
  readonly token: string;
  /** `name=value`. */
  readonly cookie: string;
  readonly deviceToken: string;
}

/** What somebody's account is like. */
export interface AccountKind {
  readonly isAdmin?: boolean;
  readonly roles?: readonly string[];
}

/** Settings by which routes are there or not. */
export const SWITCHES = [
  'enableAdminRouter',
  'enableAccountDeletion',
  'enablePasswordReset',
  'enableSms2fa',
  'enableTotp',
] as const;

/** The app that is walked through: all our routes and a host with every kind of guarded ones, on a database and under a clock of its own. */
export class Ground {
  private constructor(
    readonly host: Host,
    readonly clock: FakeClock,
    readonly regime: Regime,
    /** `METHOD /path` of all that the router was given, and of all that controllers describe. */
    readonly routes: readonly string[],
    private readonly more: Options,
  ) {}

  /** @param prepare called before `app.init()` */
  static async start(
    options: Options = {},
    prepare: (app: INestApplication) => unknown = () => {},
  ): Promise<Ground> {
    const clock = new FakeClock(new Date());
    const providers = [
      { provide: Clock, useValue: clock },
      { provide: Mailer, useValue: new CapturedMail() },
      { provide: SmsSender, useValue: new CapturedSms() },
      { provide: PasswordHasher, useValue: new LightHasher(1) },
    ];
    const on = { enableUiRouter: true, enableAdminRouter: true, enableSms2fa: true };
    const settings = { ...SETTINGS, ...on, ...options };
    const more = { ...settings, databaseUrl: await freshDatabase(), providers };
    let router = (): readonly string[] => [];
    const host = await start(more, async (app) => {
      router = routerFacts(app);
      await prepare(app);
    });
    const described = routesOf(host.app).map(({ method, path }) => `${method} ${path}`);
    const off = SWITCHES.filter((name) => (settings as Readonly<Record<string, unknown>>)[name] === false);
    const regime = { off, isGuardGlobal: options.globalGuard ?? false, needsFactor: needsFactor(options) };
    const ground = new Ground(host, clock, regime, [...new Set([...router(), ...described])], more);
    // The last admin cannot be demoted: there is one whom nobody touches.
    await ground.account('root', { isAdmin: true });
    return ground;
  }

  get port(): number {
    return Number(new URL(this.host.url).port);
  }

  /** Another app on the same database, under the same secret and clock, for as long as the work takes. */
  async beside<T>(options: Options, work: (other: Ground) => Promise<T>): Promise<T> {
    const host = await start({ ...this.more, ...options });
    try {
      const regime = { ...this.regime, needsFactor: needsFactor(options) };
      return await work(new Ground(host, this.clock, regime, [], this.more));
    } finally {
      await host.stop();
    }
  }

  /** Makes an account. */
  async account(name: string, { isAdmin = false, roles = [] }: AccountKind = {}): Promise<void> {
    const users = this.host.app.get(UsersService, { strict: false });
    const { id } = await users.createAdmin({ email: addressOf(name), password: PASSWORD });
    if (!isAdmin) await users.demote(id);
    if (roles.length > 0) await users.setRoles(id, roles);
  }

  /** Signs somebody in, as a client does. */
  async signIn(name: string, transport: 'bearer' | 'cookie' = 'bearer'): Promise<Pass> {
    const { text, json, headers } = await this.login(name, transport);
    if (json.status !== undefined) throw new Error(`${name} is not signed in: ${text}`);
    const cookies = headers.getSetCookie().map((one) => one.split(';', 1)[0]!);
    const cookie = (purpose: string): string => cookies.find((one) => one.includes(`${purpose}=`)) ?? '';
    const valueOf = (pair: string): string => pair.slice(pair.indexOf('=') + 1);
    const [session, device] = [cookie('session'), cookie('device')];
    const token = transport === 'cookie' ? valueOf(session) : (json.access_token as string);
    return { token, cookie: session, deviceToken: valueOf(device) };
  }

  /** Signs somebody in as far as it goes without a second factor; the token by which it would go on. */
  async begin(name: string): Promise<string> {
    const { json, text } = await this.login(name);
    if (json.mfa_pending_token === undefined) throw new Error(`nothing keeps ${name} waiting: ${text}`);
    return json.mfa_pending_token as string;
  }

  /** Gives somebody an authenticator app. */
  async enrolApp(name: string): Promise<void> {
    const { token } = await this.signIn(name);
    const totp = (step: string, body: object) =>
      this.host.call('POST', `/api/auth/mfa/totp/${step}`, body, token);
    const { secret, pending_token } = (await totp('start', { current_password: PASSWORD })).json as Setup;
    const code = generateSync({ secret, epoch: Math.floor(this.clock.now().getTime() / 1000) });
    const { status, text } = await totp('confirm', { pending_token, code });
    if (status !== 200) throw new Error(`${name} has no app: ${text}`);
  }

  async stop(): Promise<void> {
    await this.host.stop();
  }

  private async login(name: string, transport: 'bearer' | 'cookie' = 'bearer') {
    const path = `/api/auth/login?transport=${transport}`;
    const answer = await this.host.call('POST', path, { email: addressOf(name), password: PASSWORD });
    if (answer.status !== 200) throw new Error(`${name} is not signed in: ${answer.text}`);
    return answer;
  }
}

/** What the start of an enrolment answers, as far as it matters here. */
interface Setup {
  readonly secret: string;
  readonly pending_token: string;
}

const needsFactor = ({ mfaPolicy = 'optional' }: Options): boolean => mfaPolicy.startsWith('required');

/** The address of an account. */
export const addressOf = (name: string): string => `${name.replaceAll(/[^a-z]+/g, '-')}@example.org`;

const start = (options: Options, prepare?: (app: INestApplication) => unknown): Promise<Host> =>
  Host.start({ imports: [RegStackModule.forRoot(options)], controllers: HOST_CONTROLLERS }, prepare);
