import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRegStackConfig, type RegStackOptions } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import Database from 'better-sqlite3';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { DATABASES } from '../support/databases';
import { sqliteFileOf } from '../support/databases/sqlite.databases';
import { describeOn } from '../support/stores';

type SqlStore = Store & { readonly dataSource: DataSource };
type Kind = 'sqlite' | 'postgres';

const BEGIN = new Date('2026-01-01T00:00:00.000Z');
const NOW = new Date('2026-01-01T01:00:00.000Z');
const LATER = new Date('2026-01-04T00:00:00.000Z');
const SCHEMAS = join(__dirname, 'schemas');
const snapshotsOf = (kind: Kind): string[] => readdirSync(join(SCHEMAS, kind)).toSorted();

const open = async (databaseUrl: string, changes: RegStackOptions = {}): Promise<SqlStore> => {
  const settings = { databaseUrl, jwtSecret: 'x'.repeat(32), ...changes };
  return (await openStore(loadRegStackConfig(settings, { env: {} }))) as SqlStore;
};
const migrationsOf = async ({ dataSource }: SqlStore): Promise<string[]> => {
  const rows: { name: string }[] = await dataSource.query('SELECT name FROM regstack_migrations ORDER BY id');
  return Array.from(rows, ({ name }) => name);
};
const differencesOf = async ({ dataSource }: SqlStore): Promise<string[]> => {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
};

/** Runs SQL text on a database that no store has opened. */
const RUN: Readonly<Record<Kind, (url: string, sql: string) => Promise<void>>> = {
  sqlite: async (url, sql) => {
    const database = new Database(sqliteFileOf(url));
    database.exec(sql);
    database.close();
  },
  postgres: async (url, sql) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(sql);
    await client.end();
  },
};

describeOn(['sqlite', 'postgres'], 'migrations', (kind) => {
  let url: string;
  beforeEach(async () => {
    url = await DATABASES[kind].fresh();
  });
  afterEach(() => DATABASES[kind].drop(url));

  it('every migration has a snapshot of the database that it left, from the first release on', async () => {
    const store = await open(url);
    const names = (await migrationsOf(store)).map((name) => /\d+$/.exec(name)![0]);
    await store.close();
    const kept = snapshotsOf(kind).map((file) => file.split('-')[0]);
    expect(names.slice(names.length - kept.length)).toEqual(kept);
  });

  it.each(snapshotsOf(kind))('from %s to this version, nobody is lost', async (snapshot) => {
    await RUN[kind](url, readFileSync(join(SCHEMAS, kind, snapshot), 'utf8'));
    if (snapshot !== snapshotsOf(kind).at(-1))
      await expect(open(url, { autoMigrate: false })).rejects.toThrow(/REGSTACK_AUTO_MIGRATE=true/);
    const store = await open(url);
    expect(await differencesOf(store)).toEqual([]);
    const { users, sessions, challenges, pendingRegistrations, budgets, outbox } = store;
    const zoe = { id: '0000-user', fullName: 'Zoë 😀', authEpoch: 3, attributes: {}, passwordHash: '$hash' };
    expect(await users.findForLogin('zoë@example.org' as never)).toMatchObject({
      ...zoe,
      createdAt: new Date('2026-01-01T00:00:00.007Z'),
    });
    expect(await users.isTaken('zoë@example.org' as never, NOW)).toBe(true);
    expect(await sessions.authenticate('0000-session', NOW)).toMatchObject({
      session: {
        deviceId: '0000-session',
        ...{ authenticatedAt: BEGIN, lastSeenAt: BEGIN },
      },
      user: { id: zoe.id, roles: [] },
    });
    expect(await sessions.listFor(zoe.id, 3, NOW)).toMatchObject([{ ip: null, userAgent: null }]);
    expect(await challenges.findLive(['registration'], 'hash-of-older-token', NOW)).toBeNull();
    const link = await challenges.findLive(['registration'], 'hash-of-token', NOW);
    expect(link).toMatchObject({ id: '0000-challenge-2', subjectId: '0000-attempt' });
    expect(await budgets.reserve('login:key', 5, 900, NOW)).toMatchObject({ granted: false });
    expect(await outbox.lease('mail', 5, 60, NOW)).toMatchObject([{ id: '0000-message', attempts: 2 }]);
    expect(await pendingRegistrations.activate('0000-attempt', NOW)).toMatchObject({
      ...{ id: '0000-other-user', attributes: {} },
    });
    // Whoever was there before addresses had claims holds theirs now, and it is held for them when they move.
    const undo = { email: 'zoë@example.org' as never, tokenHash: 'hash', expiresAt: LATER, authEpoch: 3 };
    const email = 'moved@example.org' as never;
    expect(await users.changeEmail(zoe.id, 3, { email, undo }, [], NOW)).toMatchObject({ authEpoch: 4 });
    expect(await users.isTaken(undo.email, NOW)).toBe(true);
    expect(await users.isTaken(undo.email, LATER)).toBe(false);
    const done = await migrationsOf(store);
    await store.close();
    const again = await open(url, { autoMigrate: false });
    expect(await migrationsOf(again)).toEqual(done);
    await again.close();
  });

  it('from the version with addresses that can be taken back on, those can be, and devices are known', async () => {
    const snapshots = snapshotsOf(kind).filter((file) => file >= '1764201600000');
    await RUN[kind](url, readFileSync(join(SCHEMAS, kind, snapshots.at(-1)!), 'utf8'));
    const store = await open(url);
    const { users, sessions, challenges } = store;
    expect(await sessions.authenticate('0000-session-2', NOW)).toMatchObject({
      session: { deviceId: '0000-device', authenticatedAt: new Date('2026-01-01T00:30:00.000Z') },
    });
    expect(await challenges.findLive(['email-change'], 'hash-of-change', NOW)).toMatchObject({
      authEpoch: 3,
      email: 'zoe@example.org',
    });
    const moved = await users.findByUndo('hash-of-undo', NOW);
    expect(moved).toMatchObject({ id: '0000-moved', email: 'new@example.org' });
    expect(await users.isTaken('old@example.org' as never, NOW)).toBe(true);
    const restored = await users.undoEmailChange('0000-moved', moved!.emailUndo!, [], NOW);
    expect(restored).toMatchObject({ email: 'old@example.org', authEpoch: 2 });
    expect(await users.isTaken('new@example.org' as never, NOW)).toBe(false);
    await store.close();
  });

  it('from the version with roles and an audit log on, all of it is read as it was written', async () => {
    const snapshots = snapshotsOf(kind).filter((file) => file >= '1764288000000');
    await RUN[kind](url, readFileSync(join(SCHEMAS, kind, snapshots.at(-1)!), 'utf8'));
    const store = await open(url);
    const { users, accounts, sessions, pendingRegistrations, audit } = store;
    const admin = { roles: ['editor', 'überprüfer'], attributes: { plan: { seats: [1, 2] } } };
    expect(await users.findById('0000-admin')).toMatchObject({ ...admin, isSuperuser: true });
    expect(await accounts.changeAccount('0000-admin', { isActive: false })).toBe('last_admin');
    expect(await sessions.listFor('0000-admin', 0, NOW)).toMatchObject([
      { ip: '192.0.2.7', userAgent: 'Firefox', lastSeenAt: new Date('2026-01-01T00:30:00.000Z') },
    ]);
    expect(await pendingRegistrations.activate('0000-attempt-2', NOW)).toMatchObject({
      ...{ id: '0000-carol', attributes: { plan: 'free' } },
    });
    const newest = { before: null, limit: 5 };
    expect(await audit.list({ kind: null, names: ['0000-admin'] }, newest)).toEqual([
      {
        ...{ id: '0000-event', at: BEGIN, kind: 'login.failed', actor: null, target: '0000-admin' },
        ...{ ip: '192.0.2.7', result: 'refused', reason: 'password', requestId: null },
      },
    ]);
    await store.close();
  });

  it('from the version with second factors on, they are used, kept and taken back as they were set', async () => {
    const snapshots = snapshotsOf(kind).filter((file) => file >= '1764374400000');
    await RUN[kind](url, readFileSync(join(SCHEMAS, kind, snapshots.at(-1)!), 'utf8'));
    const store = await open(url);
    const { users, challenges, trustedDevices } = store;
    const id = '0000-guarded';
    const guarded = await users.findCredentials(id);
    expect(guarded).toMatchObject({
      ...{ phoneNumber: '+4915112345678', isMfaEnabled: true, recoveryCodesLeft: 2 },
      ...{ totp: { sealedSecret: 'kid-1.nonce.secret.tag', lastStep: 58_000_000 } },
      emailUndo: { tokenHash: 'hash-of-guarded', authEpoch: 2 },
    });
    expect(await users.totpKeyIds()).toEqual(['kid-1']);
    expect(await users.useTotpStep(id, 4, 58_000_000)).toBe(false);
    expect(await users.useTotpStep(id, 4, 58_000_001)).toBe(true);
    expect(await users.useRecoveryCode(id, 4, 'A'.repeat(43))).toBe(1);
    expect(await challenges.findLiveAbout('sms-code', '0000-sign-in', NOW)).toEqual({
      ...{ id: '0000-code', kind: 'sms-code', subjectId: '0000-sign-in', tokenHash: 'hash-of-code' },
      ...{ authEpoch: 4, userId: id, email: null, phoneNumber: '+4915112345678' },
      ...{
        payload: 'kid-1.nonce.body.tag',
        createdAt: BEGIN,
        expiresAt: new Date('2126-01-01T00:00:00.000Z'),
        guesses: 2,
      },
    });
    expect(await challenges.countGuess('0000-code', 3, NOW)).toBe(true);
    expect(await challenges.countGuess('0000-code', 3, NOW)).toBe(false);
    // A challenge of older versions knows of no guesses.
    expect(await challenges.countGuess('0000-change', 1, NOW)).toBe(true);
    expect(await challenges.countGuess('0000-change', 1, NOW)).toBe(false);
    expect(await trustedDevices.listFor(id, 4, NOW)).toMatchObject([{ id: '0000-trust', ip: '192.0.2.7' }]);
    // The phone and the codes were there before the move, the app came after it.
    await users.undoEmailChange(id, guarded!.emailUndo!, [], NOW);
    expect(await users.findCredentials(id)).toMatchObject({
      ...{ phoneNumber: '+4915112345678', isMfaEnabled: true, recoveryCodesLeft: 1 },
      ...{ totp: null, emailUndo: null, authEpoch: 5 },
    });
    expect(await users.totpKeyIds()).toEqual([]);
    await store.close();
  });

  it('from the version that notes the keys of recovery codes on, they are known; those of before are not', async () => {
    const snapshots = snapshotsOf(kind).filter((file) => file >= '1764547200000');
    await RUN[kind](url, readFileSync(join(SCHEMAS, kind, snapshots.at(-1)!), 'utf8'));
    const store = await open(url);
    const { users, keyUses } = store;
    const sets = async () =>
      new Map<string | null, number>(
        (await keyUses.count('recovery-code')).map((one) => [one.keyId, one.rows]),
      );
    expect(await sets()).toEqual(
      new Map([
        ['kid-2', 1],
        [null, 1],
      ]),
    );
    expect(await users.useRecoveryCode('0000-renewed', 2, 'C'.repeat(43))).toBe(0);
    expect(await sets()).toEqual(new Map([[null, 1]]));
    const page = { before: null, limit: 5 };
    const secret = { id: '0000-guarded', text: 'kid-1.nonce.secret.tag' };
    expect(await keyUses.findSealed('totp', 'kid-1', page)).toEqual([secret]);
    expect(await keyUses.reseal('totp', secret.id, secret.text, 'kid-2.nonce.secret.tag')).toBe(true);
    expect(await users.totpKeyIds()).toEqual(['kid-2']);
    expect(await keyUses.count('outbox')).toEqual([{ keyId: 'kid', rows: 2 }]);
    await store.close();
  });

  it('an undo that an older version left open takes every factor away', async () => {
    const snapshots = snapshotsOf(kind).filter((file) => file >= '1764201600000');
    await RUN[kind](url, readFileSync(join(SCHEMAS, kind, snapshots[0]!), 'utf8'));
    const store = await open(url);
    const { users } = store;
    const totp = { sealedSecret: 'kid-1.nonce.secret.tag', lastStep: 1 };
    const recoveryCodes = ['A'.repeat(43)];
    await users.changeCredentials('0000-moved', 1, { totp, recoveryCodes, isMfaEnabled: true }, []);
    const { emailUndo } = (await users.findByUndo('hash-of-undo', NOW))!;
    await users.undoEmailChange('0000-moved', emailUndo!, [], NOW);
    expect(await users.findCredentials('0000-moved')).toMatchObject({
      ...{ totp: null, recoveryCodesLeft: 0, isMfaEnabled: false, authEpoch: 3 },
    });
    await store.close();
  });

  it.each(['regstack_', 'acc_'])(
    'make exactly the tables that the entities describe, under %s, and can be run back',
    async (tablePrefix) => {
      const store = await open(url, { tablePrefix });
      const { dataSource } = store;
      expect(await differencesOf(store)).toEqual([]);
      for (const _ of dataSource.migrations) await dataSource.undoLastMigration({ transaction: 'none' });
      const runner = dataSource.createQueryRunner();
      expect(await runner.hasTable(`${tablePrefix}users`)).toBe(false);
      await runner.release();
      await store.close();
    },
  );

  it('of several that open an empty database at once all succeed, and each migration runs once', async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => open(url)));
    const done = await migrationsOf(stores[0]!);
    expect(done).toHaveLength(new Set(done).size);
    expect(done).toHaveLength(stores[0]!.dataSource.migrations.length);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('auto_migrate off: an empty database refuses to boot, names the cure, and nothing is made', async () => {
    await expect(open(url, { autoMigrate: false })).rejects.toThrow(
      /schema is older.*REGSTACK_AUTO_MIGRATE=true/,
    );
    await RUN[kind](url, 'CREATE TABLE regstack_users (id integer); DROP TABLE regstack_users;');
    await RUN[kind](url, 'CREATE TABLE regstack_migrations (id integer); DROP TABLE regstack_migrations;');
  });
});
