import { AccountError } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';
import { Scene } from './scene';

describe('health', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start();
  });
  afterAll(() => scene.close());

  const get = (which: 'live' | 'ready', token?: string) =>
    scene.get(`/api/auth/health/${which}`, token === undefined ? {} : { token });

  it('live and ready are told to everybody, whoever they say they are, and nothing else', async () => {
    for (const which of ['live', 'ready'] as const)
      for (const token of [undefined, 'wrong', (await scene.member()).token]) {
        const { status, json, headers } = await get(which, token);
        expect([status, json, headers.get('cache-control')]).toEqual([200, { status: 'ok' }, 'no-store']);
      }
  });

  it('R63: without a database the process lives, and is not ready: 503 with a time to come back', async () => {
    const store = scene.stage.host.app.get(Store, { strict: false });
    const reason = new AccountError('service.unavailable', {
      retryAfterSeconds: 1,
      cause: new Error('connect ECONNREFUSED 10.0.0.7:5432'),
    });
    const ping = jest.spyOn(store, 'ping').mockRejectedValue(reason);
    const down = await get('ready');
    expect([down.status, down.json.code, down.headers.get('retry-after')]).toEqual([
      503,
      'service.unavailable',
      '1',
    ]);
    expect(down.text).not.toContain('10.0.0.7');
    expect((await get('live')).status).toBe(200);
    ping.mockRestore();
    expect((await get('ready')).status).toBe(200);
  });
});
