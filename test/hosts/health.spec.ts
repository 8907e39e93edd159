import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { AccountError, RegStackHealth, RegStackModule } from '@regstack/nestjs';
import { MemoryStore, Store } from '@regstack/nestjs/testing';
import { Host, SETTINGS } from '../support/host';

@Controller('healthz')
class HealthzController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly regstack: RegStackHealth,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.regstack.check('accounts')]);
  }
}

describe('health', () => {
  const store = new MemoryStore();
  const ping = jest.spyOn(store, 'ping');
  let host: Host;
  beforeAll(async () => {
    const providers = [{ provide: Store, useValue: store }];
    host = await Host.start({
      imports: [
        TerminusModule.forRoot({ logger: false }),
        RegStackModule.forRoot({ ...SETTINGS, providers }),
      ],
      controllers: [HealthzController],
    });
  });
  afterEach(() => void ping.mockReset());
  afterAll(() => host.stop());

  const isDown = (): unknown =>
    ping.mockRejectedValue(
      new AccountError('service.unavailable', { cause: new Error('db at 10.0.0.7'), retryAfterSeconds: 1 }),
    );
  const get = (path: string) => host.call('GET', path);

  it('RegStackHealth.check() is up while the database answers, under the key that it is given', async () => {
    const health = host.app.get(RegStackHealth, { strict: false });
    expect(await health.check()).toEqual({ regstack: { status: 'up' } });
    expect(await health.check('accounts')).toEqual({ accounts: { status: 'up' } });
    isDown();
    expect(await health.check()).toEqual({ regstack: { status: 'down' } });
    ping.mockRejectedValue('not even an error');
    expect(await health.check()).toEqual({ regstack: { status: 'down' } });
    expect(ping).toHaveBeenCalledTimes(4);
  });

  it('is an indicator of @nestjs/terminus', async () => {
    const up = await get('/healthz');
    expect([up.status, up.json]).toEqual([
      200,
      {
        status: 'ok',
        info: { accounts: { status: 'up' } },
        error: {},
        details: { accounts: { status: 'up' } },
      },
    ]);
    isDown();
    const down = await get('/healthz');
    expect([down.status, down.json.status, down.json.error]).toEqual([
      503,
      'error',
      { accounts: { status: 'down' } },
    ]);
    expect(down.text).not.toContain('10.0.0.7');
  });

  it('GET /health/live is about the process, /health/ready about the database as well', async () => {
    for (const path of ['live', 'ready'])
      expect(await get(`/api/auth/health/${path}`)).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect(ping).toHaveBeenCalledTimes(1);
    isDown();
    expect((await get('/api/auth/health/live')).status).toBe(200);
    const { status, json, headers, text } = await get('/api/auth/health/ready');
    expect([status, json.code, headers.get('retry-after')]).toEqual([503, 'service.unavailable', '1']);
    expect(text).not.toContain('10.0.0.7');
  });
});
