import 'reflect-metadata';
import {
  Controller,
  Get,
  type INestApplication,
  Module,
  type ModuleMetadata,
  UseGuards,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  Clock,
  CurrentUser,
  Mailer,
  RegStackAuthGuard,
  type RegStackModuleOptions,
  type RegStackUser,
  SmsSender,
} from '@regstack/nestjs';
import { CapturedMail, CapturedSms, FakeClock, MemoryStore, Store } from '@regstack/nestjs/testing';
import { newAdapter } from './adapter';
import { PASSWORD } from './demo';

/** Settings of a host in a test: a cheap hash, no file, and many logins from one address. */
export const SETTINGS = {
  jwtSecret: 'a secret of at least thirty-two bytes',
  argon2: { memoryKib: 8192, timeCost: 1 },
  loginMaxPerMinute: 1_000_000,
  loginMaxPerHour: 1_000_000,
} as const satisfies RegStackModuleOptions;

/** Providers that replace the clock, the senders and the store. */
export function replacements() {
  const [clock, mail, sms, store] = [
    new FakeClock(new Date()),
    new CapturedMail(),
    new CapturedSms(),
    new MemoryStore(),
  ];
  const providers = [
    { provide: Clock, useValue: clock },
    { provide: Mailer, useValue: mail },
    { provide: SmsSender, useValue: sms },
    { provide: Store, useValue: store },
  ];
  return { clock, mail, sms, store, providers };
}

/** A guarded and an open route of a host. */
@Controller()
export class HostController {
  @Get('orders')
  @UseGuards(RegStackAuthGuard)
  orders(@CurrentUser() user: RegStackUser) {
    return { customer: user.email };
  }

  @Get('plain')
  plain() {
    return { plain: true };
  }
}

/** A running host. */
export class Host {
  private constructor(
    readonly app: INestApplication,
    readonly url: string,
  ) {}

  /** @param prepare called before `app.init()`: global prefix, pipes, versioning */
  static async start(
    metadata: ModuleMetadata,
    prepare: (app: INestApplication) => unknown = () => {},
  ): Promise<Host> {
    @Module({ controllers: [HostController], ...metadata })
    class HostModule {}
    const testing = await Test.createTestingModule({ imports: [HostModule] }).compile();
    const app = testing.createNestApplication(newAdapter(), { logger: false });
    await prepare(app);
    await app.listen(0, '127.0.0.1');
    return new Host(app, (await app.getUrl()).replace('[::1]', '127.0.0.1'));
  }

  /** One request; answers status, headers and body. */
  async call(method: string, path: string, body?: unknown, token?: string) {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    });
    const text = await response.text();
    // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of any shape
    const json: any = text.startsWith('{') ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  }

  /** Registers, verifies and signs in; answers the token. */
  async member(mail: CapturedMail, email: string, api = '/api/auth'): Promise<string> {
    await this.call('POST', `${api}/register`, { email, password: PASSWORD });
    await this.call('POST', `${api}/verify`, { token: await mail.tokenTo(email) });
    const { json } = await this.call('POST', `${api}/login`, { email, password: PASSWORD });
    return json.access_token as string;
  }

  async stop(): Promise<void> {
    await this.app.close();
  }
}
