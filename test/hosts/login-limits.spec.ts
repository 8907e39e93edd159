import { APP_GUARD } from '@nestjs/core';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { AccountError, RegStackModule, type RegStackOptions } from '@regstack/nestjs';
import { PASSWORD, someone } from '../support/demo';
import { Host, HostController, replacements, SETTINGS } from '../support/host';

describe('logins per IP prefix, in a host', () => {
  const { clock, store, providers } = replacements();
  let host: Host;
  let names = 0;
  /** Counts of its own: keys are derived from the name of the instance. */
  const module = (settings: RegStackOptions) =>
    RegStackModule.forRoot({ ...SETTINGS, ...settings, name: `limits${(names += 1)}`, providers });
  const start = async (settings: RegStackOptions) => {
    host = await Host.start({ imports: [module(settings)], controllers: [] });
  };
  afterEach(async () => {
    jest.restoreAllMocks();
    await host.stop();
  });

  const login = (body: unknown = { email: someone(), password: 'wrong password' }) =>
    host.call('POST', '/api/auth/login', body);
  const statuses = async (times: number): Promise<number[]> => {
    const answers = [];
    for (let n = 0; n < times; n++) answers.push((await login()).status);
    return answers;
  };

  it('R20: Retry-After is true: a second before it is over 429, a second later not', async () => {
    await start({ loginMaxPerMinute: 2 });
    await statuses(1);
    clock.advance(20.5);
    await statuses(1);
    const refused = await login();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40']);
    clock.advance(39);
    expect(await login()).toMatchObject({ status: 429 });
    clock.advance(2);
    expect(await statuses(3)).toEqual([401, 401, 429]);
  });

  it('what the minute refuses is not counted for the hour, and the hour tells its own end', async () => {
    await start({ loginMaxPerMinute: 2, loginMaxPerHour: 3 });
    expect(await statuses(6)).toEqual([401, 401, 429, 429, 429, 429]);
    clock.advance(60);
    expect(await statuses(1)).toEqual([401]);
    const refused = await login();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3540']);
    clock.advance(3540);
    expect(await statuses(2)).toEqual([401, 401]);
  });

  it('a refused login has read no user, and a body of the wrong shape counts', async () => {
    await start({ loginMaxPerMinute: 1 });
    const findForLogin = jest.spyOn(store.users, 'findForLogin');
    const reserve = jest.spyOn(store.budgets, 'reserve');
    expect((await login({ email: 5 })).status).toBe(422);
    expect((await login()).status).toBe(429);
    expect([findForLogin.mock.calls.length, reserve.mock.calls.length]).toEqual([0, 3]);
    for (const [key] of reserve.mock.calls)
      expect(key).toMatch(/^login-ip:regstack_(minute|hour):[\w-]{43}$/);
  });

  it('R63: when it cannot be counted, nobody signs in: 503', async () => {
    await start({});
    jest
      .spyOn(store.budgets, 'reserve')
      .mockRejectedValue(new AccountError('service.unavailable', { retryAfterSeconds: 1 }));
    const answer = await login();
    expect([answer.status, answer.json.code, answer.headers.get('retry-after')]).toEqual([
      503,
      'service.unavailable',
      '1',
    ]);
  });

  it('rate_limit_disabled lifts it', async () => {
    await start({ loginMaxPerMinute: 1, rateLimitDisabled: true });
    expect(await statuses(3)).toEqual([401, 401, 401]);
  });

  it('a throttler of the host counts its own requests by its own rules, beside ours', async () => {
    host = await Host.start({
      imports: [
        module({ loginMaxPerMinute: 2 }),
        ThrottlerModule.forRoot([{ name: 'host', limit: 4, ttl: 60_000 }]),
      ],
      controllers: [HostController],
      providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
    });
    expect(await statuses(3)).toEqual([401, 401, 429]);
    const answers = [];
    for (let n = 0; n < 5; n++) answers.push(await host.call('GET', '/plain'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
    expect(answers[0]!.headers.get('x-ratelimit-limit-host')).toBe('4');
    expect(answers[4]!.headers.get('retry-after-host')).not.toBeNull();
  });

  it('two instances count apart', async () => {
    const admins = { apiPrefix: '/admins', uiPrefix: '/admin-pages', loginMaxPerMinute: 1 };
    host = await Host.start({
      imports: [
        module({ loginMaxPerMinute: 1 }),
        RegStackModule.forRoot({ ...SETTINGS, ...admins, name: 'admins', isGlobal: false, providers }),
      ],
      controllers: [],
    });
    expect(await statuses(2)).toEqual([401, 429]);
    expect((await host.call('POST', '/admins/login', { email: someone(), password: PASSWORD })).status).toBe(
      401,
    );
  });
});
