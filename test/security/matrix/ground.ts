import type { INestApplication } from '@nestjs/common';
import {
  Clock,
  Mailer,
  PasswordHasher,
  type RegStackGraphOptions,
  RegStackModule,
  type RegStackOptions,
  UsersService,
} from '@regstack/nestjs';
import { CapturedMail, FakeClock } from '@regstack/nestjs/testing';
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
      { provide: PasswordHasher, useValue: new LightHasher(1) },
    ];
    const settings = { ...SETTINGS, enableAdminRouter: true, ...options };
    const more = { ...settings, databaseUrl: await freshDatabase(), providers };
    let router = (): readonly string[] => [];
    const host = await start(more, async (app) => {
      router = routerFacts(app);
      await prepare(app);
    });
    const described = routesOf(host.app).map(({ method, path }) => `${method} ${path}`);
    const off = ['enableAdminRouter', 'enableAccountDeletion'].filter(
      (name) => (settings as Readonly<Record<string, unknown>>)[name] === false,
    );
    const regime = { off, isGuardGlobal: options.globalGuard ?? false };
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
      return await work(new Ground(host, this.clock, this.regime, [], this.more));
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
    const path = `/api/auth/login?transport=${transport}`;
    const body = { email: addressOf(name), password: PASSWORD };
    const { status, text, json, headers } = await this.host.call('POST', path, body);
    if (status !== 200) throw new Error(`${name} is not signed in: ${text}`);
    const cookies = headers.getSetCookie().map((one) => one.split(';', 1)[0]!);
    const cookie = (purpose: string): string => cookies.find((one) => one.includes(`${purpose}=`)) ?? '';
    const valueOf = (pair: string): string => pair.slice(pair.indexOf('=') + 1);
    const [session, device] = [cookie('session'), cookie('device')];
    const token = transport === 'cookie' ? valueOf(session) : (json.access_token as string);
    return { token, cookie: session, deviceToken: valueOf(device) };
  }

  async stop(): Promise<void> {
    await this.host.stop();
  }
}

/** The address of an account. */
export const addressOf = (name: string): string => `${name.replaceAll(/[^a-z]+/g, '-')}@example.org`;

const start = (options: Options, prepare?: (app: INestApplication) => unknown): Promise<Host> =>
  Host.start({ imports: [RegStackModule.forRoot(options)], controllers: HOST_CONTROLLERS }, prepare);
