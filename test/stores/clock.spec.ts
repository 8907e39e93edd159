import { loadRegStackConfig } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import { DATABASES } from '../support/databases';
import { describeOn } from '../support/stores';

describeOn(['sqlite', 'postgres', 'mongo'], 'the clock of the database', (kind) => {
  let url: string;
  let store: Store;
  beforeAll(async () => {
    url = await DATABASES[kind].fresh();
    const settings = { databaseUrl: url, jwtSecret: 'x'.repeat(32) };
    store = await openStore(loadRegStackConfig(settings, { env: {} }), 'leave');
  });
  afterAll(() => DATABASES[kind].drop(url));

  it('is that of the server, on whatever schema; null where that is this machine', async () => {
    const [before, told, after] = [Date.now(), await store.serverTime(), Date.now()];
    if (kind === 'sqlite') return expect(told).toBeNull();
    // The server of the run is on this machine.
    expect(told!.getTime()).toBeGreaterThanOrEqual(before - 1);
    expect(told!.getTime()).toBeLessThanOrEqual(after + 1);
  });

  it('is not told by one that does not answer', async () => {
    await store.close();
    if (kind === 'sqlite') return expect(await store.serverTime()).toBeNull();
    await expect(store.serverTime()).rejects.toMatchObject({ code: 'service.unavailable' });
  });
});
