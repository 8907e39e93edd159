import { loadRegStackConfig } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import type { DataSource } from 'typeorm';
import { DATABASES } from '../support/databases';
import { describeOn } from '../support/stores';

type SqlStore = Store & { readonly dataSource: DataSource };
const LONG_AGO = new Date('2026-01-01T00:00:00Z');
const NOW = new Date('2026-01-03T00:00:00Z');
const AUDITED_SINCE = new Date('2026-01-02T00:00:00Z');
const TABLES = [
  'sessions',
  'pending_registrations',
  'challenges',
  'email_claims',
  'budgets',
  'outbox',
  'audit',
  'trusted_devices',
];

describeOn(['sqlite', 'postgres'], 'sweeping', (kind) => {
  let url: string;
  let stores: SqlStore[];
  beforeEach(async () => {
    url = await DATABASES[kind].fresh();
    const settings = loadRegStackConfig({ databaseUrl: url, jwtSecret: 'x'.repeat(32) }, { env: {} });
    const open = async (): Promise<SqlStore> => (await openStore(settings)) as SqlStore;
    stores = [await open(), await open()];
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await DATABASES[kind].drop(url);
  });
  const rowsOf = async (table: string): Promise<number> => {
    const query = `SELECT count(*) AS n FROM regstack_${table}`;
    const [row] = await stores[0]!.dataSource.query<{ n: number | string }[]>(query);
    return Number(row!.n);
  };

  /** Twenty dead rows and one live one in every table; of addresses, beside the current one of each user. */
  async function fill(store: Store) {
    const { users, sessions, pendingRegistrations, budgets, outbox, audit, trustedDevices } = store;
    const typed = { email: 'a@example.org' as never, passwordHash: null, fullName: null, attributes: {} };
    const user = { ...typed, isVerified: true, isSuperuser: false };
    const where = { ip: null, userAgent: null };
    const event = {
      kind: 'login.failed',
      actor: null,
      target: null,
      ip: null,
      reason: null,
      requestId: null,
    };
    await users.create({ ...user, id: 'user', createdAt: LONG_AGO });
    for (let n = 0; n <= 20; n++) {
      const id = `row-${n}`;
      const expiresAt = n === 0 ? new Date('2126-01-01T00:00:00Z') : LONG_AGO;
      const nobody = { authEpoch: null, userId: null, email: null, phoneNumber: null, payload: null };
      const times = { createdAt: LONG_AGO, expiresAt };
      await sessions.open({ id, userId: 'user', authEpoch: 0, deviceId: 'device', ...where, ...times });
      await trustedDevices.trust({ id, userId: 'user', authEpoch: 0, deviceId: id, ...where, ...times });
      const mail = { id, kind: 'k', recipient: 'r', challengeId: null, sealedBody: 's', createdAt: LONG_AGO };
      const link = { id, kind: 'registration' as const, subjectId: id, tokenHash: id, ...nobody, ...times };
      const attempt = { ...typed, userId: id, email: 'b@example.org' as never, passwordHash: 'h' };
      await pendingRegistrations.add({ ...attempt, id, ...times }, link, mail);
      const undo = { email: `${id}@example.org` as never, tokenHash: id, expiresAt, authEpoch: 0 };
      const to = `moved-${n}@example.org` as never;
      await users.create({ ...user, id, email: undo.email, createdAt: LONG_AGO });
      await users.changeEmail(id, 0, { email: to, undo }, [], LONG_AGO);
      await audit.append([{ ...event, id, at: n === 0 ? AUDITED_SINCE : LONG_AGO, result: 'refused' }]);
      await budgets.reserve(id, 1, n === 0 ? 9e9 : 1, LONG_AGO);
    }
    for (const { id, leaseId } of await outbox.lease('mail', 20, 60, LONG_AGO))
      await outbox.settle(id, leaseId, LONG_AGO);
  }

  it('two processes share the work: each dead row is removed once, what lives stays', async () => {
    await fill(stores[0]!);
    const sweep = async ({ sweeper }: Store): Promise<number> => {
      let total = 0;
      for (let purged = 7; purged > 0; total += purged)
        purged = await sweeper.purgeExpired(7, NOW, AUDITED_SINCE);
      return total;
    };
    const totals = await Promise.all([...stores, ...stores].map(sweep));
    let all = totals.reduce((sum, one) => sum + one, 0);
    // A step that found all of its rows in the hands of another one ends early; the next sweep takes what is left.
    all += await sweep(stores[0]!);
    expect(all).toBe(160);
    expect(await Promise.all(TABLES.map(rowsOf))).toEqual([1, 1, 1, 1 + 22, 1, 1, 1, 1]);
    expect(await rowsOf('users')).toBe(22);
  });

  it('looks before it writes: an idle sweep takes no lock', async () => {
    const { dataSource } = stores[1]!;
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query("UPDATE regstack_users SET full_name = 'x'");
    for (const table of TABLES) await runner.query(`DELETE FROM regstack_${table}`);
    expect(await stores[0]!.sweeper.purgeExpired(10, NOW, AUDITED_SINCE)).toBe(0);
    await runner.rollbackTransaction();
    await runner.release();
  });
});
