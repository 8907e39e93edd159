import { type CanActivate, Injectable, Module } from '@nestjs/common';
import {
  ConfigError,
  loadRegStackConfig,
  RegStackConfig,
  RegStackModule,
  type RegStackOptions,
  type RegStackOptionsFactory,
  UsersService,
} from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { Host, replacements, SETTINGS } from '../support/host';

@Injectable()
class Secrets {
  readonly jwtSecret = SETTINGS.jwtSecret;
}

@Module({ providers: [Secrets], exports: [Secrets] })
class SecretsModule {}

@Injectable()
class Options implements RegStackOptionsFactory {
  async createRegStackOptions(): Promise<RegStackOptions> {
    return { ...SETTINGS, appName: 'From a class', apiPrefix: '/accounts' };
  }
}

@Module({ providers: [Options], exports: [Options] })
class OptionsModule {}

describe('RegStackModule', () => {
  const { mail, providers } = replacements();
  let host: Host | undefined;
  afterEach(() => host?.stop());

  const appName = (): string => host!.app.get(RegStackConfig, { strict: false }).appName;

  it('forRoot(settings)', async () => {
    host = await Host.start({
      imports: [RegStackModule.forRoot({ ...SETTINGS, appName: 'Direct', providers })],
    });
    const token = await host.member(mail, 'root@example.org');
    expect((await host.call('GET', '/orders', undefined, token)).json).toEqual({
      customer: 'root@example.org',
    });
    expect(appName()).toBe('Direct');
  });

  it('forRoot(loadRegStackConfig()) keeps the frozen configuration as it is; graph options stand beside it', async () => {
    const config = loadRegStackConfig({ ...SETTINGS, appName: 'Loaded' }, { env: {} });
    host = await Host.start({ imports: [RegStackModule.forRoot(config, { globalGuard: true })] });
    expect(host.app.get(RegStackConfig, { strict: false })).toBe(config);
    expect((await host.call('GET', '/plain')).status).toBe(401);
  });

  it('graph options may stand in both places; none is lost', async () => {
    host = await Host.start({
      imports: [RegStackModule.forRoot({ ...SETTINGS, globalGuard: true }, { providers })],
    });
    expect((await host.call('GET', '/plain')).status).toBe(401);
    const token = await host.member(mail, 'both-places@example.org');
    expect((await host.call('GET', '/plain', undefined, token)).status).toBe(200);
  });

  it('forRootAsync with useFactory, imports and inject; the prefix may come out of it', async () => {
    const module = RegStackModule.forRootAsync({
      imports: [SecretsModule],
      inject: [Secrets],
      useFactory: async ({ jwtSecret }: Secrets) => ({
        ...SETTINGS,
        jwtSecret,
        apiPrefix: '/later',
        uiPrefix: '/pages',
      }),
      providers,
    });
    host = await Host.start({ imports: [module] });
    const token = await host.member(mail, 'factory@example.org', '/later');
    expect((await host.call('GET', '/later/me', undefined, token)).status).toBe(200);
    expect((await host.call('GET', '/api/auth/me', undefined, token)).status).toBe(404);
    expect((await host.call('GET', '/pages/verify?done')).status).toBe(200);
  });

  it('forRootAsync with useClass', async () => {
    host = await Host.start({ imports: [RegStackModule.forRootAsync({ useClass: Options, providers })] });
    await host.member(mail, 'class@example.org', '/accounts');
    expect(appName()).toBe('From a class');
  });

  it('forRootAsync with useExisting', async () => {
    const module = RegStackModule.forRootAsync({ imports: [OptionsModule], useExisting: Options, providers });
    host = await Host.start({ imports: [module] });
    await host.member(mail, 'existing@example.org', '/accounts');
    expect(appName()).toBe('From a class');
  });

  it('a wrong setting ends the boot, in each form; so does a graph option out of a factory', async () => {
    expect(() => RegStackModule.forRoot({ ...SETTINGS, jwtSecret: 'short' })).toThrow(ConfigError);
    const boot = (useFactory: () => RegStackOptions) =>
      Host.start({ imports: [RegStackModule.forRootAsync({ useFactory })] });
    host = undefined;
    await expect(boot(() => ({ ...SETTINGS, jwtTtlSeconds: -1 }))).rejects.toThrow(/jwt_ttl_seconds/);
    const untyped = JSON.parse('{"globalGuard":true}') as RegStackOptions;
    await expect(boot(() => ({ ...SETTINGS, ...untyped }))).rejects.toThrow(
      /globalGuard \(option\): is not a setting/,
    );
    // @ts-expect-error -- and the type refuses it as well
    RegStackModule.forRootAsync({ useFactory: () => ({ ...SETTINGS, globalGuard: true }) });
  });

  it('isGlobal: the guard works in any module, or only where the instance is imported', async () => {
    @Module({})
    class Elsewhere {}
    const closed = RegStackModule.forRoot({ ...SETTINGS, isGlobal: false, providers });
    host = undefined;
    await expect(Host.start({ imports: [Elsewhere] })).rejects.toThrow(/RegStackAuthGuard/);
    host = await Host.start({ imports: [closed] });
    expect((await host.call('GET', '/orders')).status).toBe(401);
  });

  it('globalGuard: every route is guarded unless it is public; ours and the landing page stay open', async () => {
    host = await Host.start({
      imports: [RegStackModule.forRoot({ ...SETTINGS, globalGuard: true, providers })],
    });
    expect((await host.call('GET', '/plain')).status).toBe(401);
    const token = await host.member(mail, 'global@example.org');
    expect((await host.call('GET', '/plain', undefined, token)).json).toEqual({ plain: true });
    expect((await host.call('GET', '/api/auth/me', undefined, token)).status).toBe(200);
    expect((await host.call('GET', '/account/verify?done')).status).toBe(200);
  });

  it('leaveOut: a feature that is left out has no route and no service', async () => {
    const leaveOut = ['registration', 'password', 'email-change'] as const;
    host = await Host.start({ imports: [RegStackModule.forRoot({ ...SETTINGS, leaveOut, providers })] });
    for (const path of [
      'register',
      'resend-verification',
      'forgot-password',
      'reauthenticate',
      'change-email',
    ])
      expect((await host.call('POST', `/api/auth/${path}`, {})).status).toBe(404);
    for (const page of ['verify', 'reset', 'confirm-email-change', 'undo-email-change'])
      expect((await host.call('GET', `/account/${page}`)).status).toBe(404);
    expect((await host.call('POST', '/api/auth/login', {})).status).toBe(422);
  });

  it('leaveOut: without the passwords, who gets an account back is mailed no link to a page that is not there', async () => {
    const leaveOut = ['password'] as const;
    host = await Host.start({ imports: [RegStackModule.forRoot({ ...SETTINGS, leaveOut, providers })] });
    const token = await host.member(mail, 'one@example.org');
    const change = { new_email: 'other@example.org', current_password: PASSWORD };
    await host.call('POST', '/api/auth/change-email', change, token);
    await host.call('POST', '/api/auth/confirm-email-change', {
      token: await mail.tokenTo('other@example.org'),
    });
    const notice = mail.sent.length;
    await host.call('POST', '/api/auth/register', { email: 'later@example.org', password: PASSWORD });
    await mail.to('later@example.org');
    const undo = await mail.tokenTo('one@example.org');
    expect((await host.call('POST', '/api/auth/undo-email-change', { token: undo })).status).toBe(200);
    await host.call('POST', '/api/auth/register', { email: 'last@example.org', password: PASSWORD });
    await mail.to('last@example.org');
    expect(
      mail.sent
        .slice(notice)
        .map(({ text }) => text)
        .join(),
    ).not.toContain('/account/reset');
    expect((await host.call('GET', '/account/undo-email-change?done')).text).toContain('Ask us');
  });

  it('name: issuer, audience, keys and cookies follow from it, so a token of one instance is nothing to another', async () => {
    const shared = replacements();
    const start = (name: string) =>
      Host.start({ imports: [RegStackModule.forRoot({ ...SETTINGS, name, providers: shared.providers })] });
    const other = await start('staff');
    host = await start('default');
    const token = await host.member(shared.mail, 'two@example.org');
    expect((await host.call('GET', '/api/auth/me', undefined, token)).status).toBe(200);
    expect((await other.call('GET', '/api/auth/me', undefined, token)).status).toBe(401);
    const opened = await other.call('GET', `/account/verify?token=${'A'.repeat(43)}`);
    expect(opened.headers.get('set-cookie')).toMatch(/^regstack-staff-step-verify=/);
    expect(() => RegStackModule.forRoot({ ...SETTINGS, name: 'No Name' })).toThrow(/name of an instance/);
    await other.stop();
  });

  it('two instances live in one app under prefixes of their own', async () => {
    const [one, two] = [replacements(), replacements()];
    host = await Host.start({
      imports: [
        RegStackModule.forRoot({ ...SETTINGS, providers: one.providers }),
        RegStackModule.forRoot({
          ...SETTINGS,
          ...{ name: 'staff', isGlobal: false, apiPrefix: '/staff/auth', uiPrefix: '/staff/account' },
          providers: two.providers,
        }),
      ],
    });
    const [customer, staff] = [
      await host.member(one.mail, 'c@example.org'),
      await host.member(two.mail, 's@example.org', '/staff/auth'),
    ];
    expect((await host.call('GET', '/api/auth/me', undefined, customer)).json.email).toBe('c@example.org');
    expect((await host.call('GET', '/staff/auth/me', undefined, staff)).json.email).toBe('s@example.org');
    expect((await host.call('GET', '/staff/auth/me', undefined, customer)).status).toBe(401);
    expect((await host.call('GET', '/orders', undefined, staff)).status).toBe(401);
    for (const page of ['/account/verify', '/staff/account/verify']) {
      const [, sheet] = /href="(\/[^"]+\/core\.css)/.exec((await host.call('GET', page)).text)!;
      expect((await host.call('GET', sheet!)).status).toBe(200);
    }
  });

  it('a guard of the host before our routes keeps its status', async () => {
    @Injectable()
    class Closed implements CanActivate {
      canActivate(): boolean {
        return false;
      }
    }
    host = await Host.start({ imports: [RegStackModule.forRoot({ ...SETTINGS, providers })] }, (app) =>
      app.useGlobalGuards(new Closed()),
    );
    const { status, json } = await host.call('POST', '/api/auth/login', {});
    expect([status, json.status, json.code]).toEqual([403, 403, 'request.refused']);
  });

  it('closing ends all: a second close does nothing, and the services say so no more', async () => {
    host = await Host.start({
      imports: [RegStackModule.forRoot({ ...SETTINGS, databaseUrl: 'sqlite::memory:' })],
    });
    const users = host.app.get(UsersService, { strict: false });
    expect(await users.findByEmail('nobody@example.org')).toBeNull();
    await host.stop();
    await expect(users.findByEmail('nobody@example.org')).rejects.toThrow();
  });
});
