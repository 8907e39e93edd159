import { setTimeout as delay } from 'node:timers/promises';
import { loadRegStackConfig, type RegStackOptions } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import { Client, types } from 'pg';
import type { DataSource } from 'typeorm';
import { DATABASES } from '../support/databases';
import { describeOn } from '../support/stores';

const EMAIL = 'zoë@example.org' as never;
const NOW = new Date('2026-03-01T12:00:00.007Z');
const aUser = (id = 'user-1') => ({
  id,
  email: EMAIL,
  passwordHash: '$hash',
  fullName: null,
  isVerified: true,
  isSuperuser: false,
  attributes: {},
  createdAt: NOW,
});

describeOn(['postgres'], 'what is special', () => {
  let url: string;
  let admin: Client;
  const opened: Store[] = [];
  const open = async (changes: RegStackOptions = {}): Promise<Store> => {
    const settings = { databaseUrl: url, jwtSecret: 'x'.repeat(32), databasePoolSize: 1, ...changes };
    const store = await openStore(loadRegStackConfig(settings, { env: {} }));
    opened.push(store);
    return store;
  };
  beforeEach(async () => {
    url = await DATABASES.postgres.fresh();
    admin = new Client({ connectionString: url });
    await admin.connect();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await admin.end();
    await DATABASES.postgres.drop(url);
  });

  it('every statement of a repository is a named prepared one, planned once per connection', async () => {
    const { users, sessions, budgets, dataSource } = (await open()) as Store & { dataSource: DataSource };
    const { id } = await users.create(aUser());
    const where = { deviceId: 'd', ip: null, userAgent: null };
    await sessions.open({ id: 's', userId: id, authEpoch: 0, ...where, createdAt: NOW, expiresAt: NOW });
    for (let n = 0; n < 3; n++) {
      await users.findForLogin(EMAIL);
      await sessions.authenticate('nobody', NOW);
      await budgets.reserve('key', 5, 60, NOW);
      await users.changeCredentials(id, n, { passwordHash: '$other' }, []);
    }
    const prepared: { name: string; statement: string }[] = await dataSource.query(
      'SELECT name, statement FROM pg_prepared_statements',
    );
    const ours = prepared.filter(({ name }) => name.startsWith('regstack_'));
    for (const part of ['password_hash FROM', 'JOIN', 'ON CONFLICT (id)', 'auth_epoch + 1', 'COMMIT'])
      expect(ours.filter(({ statement }) => statement.includes(part))).toHaveLength(1);
  });

  it('reads its columns by itself, whatever a host has done to the parsers of pg, in any time zone', async () => {
    const { BOOL, INT4, INT8, TIMESTAMPTZ, JSONB } = types.builtins;
    const oids = [BOOL, INT4, INT8, TIMESTAMPTZ, JSONB];
    const foreign = oids.map((oid) => [oid, types.getTypeParser(oid)] as const);
    for (const [oid] of foreign) types.setTypeParser(oid, () => 'not what it was');
    await admin.query(
      `ALTER ROLE CURRENT_USER IN DATABASE "${new URL(url).pathname.slice(1)}" SET timezone = 'Asia/Kolkata'`,
    );
    const { users } = await open();
    const created = await users.create(aUser());
    for (const [oid, parser] of foreign) types.setTypeParser(oid, parser);
    expect(created).toEqual({
      id: 'user-1',
      email: EMAIL,
      fullName: null,
      isActive: true,
      isVerified: true,
      isSuperuser: false,
      roles: [],
      phoneNumber: null,
      isMfaEnabled: false,
      attributes: {},
      authEpoch: 0,
      createdAt: NOW,
      lastLogin: null,
    });
  });

  it('R63: a row that another transaction holds is waited for in time, then 503; the server gives up as well', async () => {
    const { users } = await open({ databaseTimeoutMs: 300 });
    await users.create(aUser());
    await admin.query('BEGIN');
    await admin.query('SELECT * FROM regstack_users FOR UPDATE');
    const begin = Date.now();
    await expect(users.replaceHash('user-1', '$hash', '$new')).rejects.toMatchObject({
      code: 'service.unavailable',
      retryAfterSeconds: 1,
    });
    expect(Date.now() - begin).toBeLessThan(1500);
    await delay(300);
    const waiting = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    expect((await admin.query(waiting)).rows).toEqual([]);
    await admin.query('ROLLBACK');
    expect(await users.replaceHash('user-1', '$hash', '$new')).toBe(true);
  });

  it('a connection that the server has ended costs one 503 at most, and no other harm', async () => {
    const { users } = await open();
    await users.create(aUser());
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    const first = await users.findById('user-1').catch((error: unknown) => error);
    expect(first).toMatchObject(first instanceof Error ? { code: 'service.unavailable' } : { id: 'user-1' });
    expect(await users.findById('user-1')).toMatchObject({ id: 'user-1' });
  });

  it('a transaction that PostgreSQL breaks up for a deadlock is done again', async () => {
    const store = await open({ databasePoolSize: 2, databaseTimeoutMs: 10_000 });
    const user = await store.users.create(aUser());
    const message = { kind: 'k', recipient: EMAIL, challengeId: null, sealedBody: 'x', createdAt: NOW };
    await store.outbox.enqueue({ id: 'held', ...message });
    // Ours takes the user, then waits for the message's id; the other has that id, and then wants the user.
    await admin.query("SET deadlock_timeout = '10s'");
    await admin.query('BEGIN');
    await admin.query(
      `INSERT INTO regstack_outbox (id, kind, recipient, sealed_body, state, attempts, created_at, due_at)
       VALUES ('notice', 'k', 'r', 'b', 'queued', 0, now(), now())`,
    );
    const change = store.users.changeCredentials(user.id, 0, { passwordHash: '$new' }, [
      { id: 'notice', ...message },
    ]);
    while ((await admin.query('SELECT 1 FROM pg_locks WHERE NOT granted')).rowCount === 0) await delay(5);
    const want = admin.query("UPDATE regstack_users SET full_name = 'x'");
    await want;
    await admin.query('ROLLBACK');
    expect(await change).toMatchObject({ authEpoch: 1 });
  });

  it('the search path of a URL is ours: all tables stand in it', async () => {
    await admin.query('CREATE SCHEMA tenant');
    const store = (await open({ databaseUrl: `${url}?options=-csearch_path%3Dtenant` })) as Store;
    await store.users.create(aUser());
    const { rows } = await admin.query('SELECT email FROM tenant.regstack_users');
    expect(rows).toEqual([{ email: EMAIL }]);
  });

  it('reads and counts rightly in a database with other defaults', async () => {
    const name = new URL(url).pathname.slice(1);
    await admin.query(`ALTER DATABASE ${name} SET default_transaction_isolation = 'repeatable read'`);
    await admin.query(`ALTER DATABASE ${name} SET datestyle = 'SQL, DMY'`);
    const { users, budgets } = await open({ databasePoolSize: 10 });
    expect((await users.create(aUser())).createdAt).toEqual(NOW);
    const reserved = await Promise.all(Array.from({ length: 40 }, () => budgets.reserve('key', 5, 60, NOW)));
    expect(reserved.filter(({ granted }) => granted)).toHaveLength(5);
  });

  it('a statement that a proxy has lost costs one refusal, then its connection is another', async () => {
    const { users, dataSource } = (await open()) as Store & { dataSource: DataSource };
    await users.findById('nobody');
    await dataSource.query('DEALLOCATE ALL');
    await expect(users.findById('nobody')).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(await users.findById('nobody')).toBeNull();
  });

  it('idle looks walk an index, also under a plan for any instant', async () => {
    const { sweeper, outbox, dataSource } = (await open()) as Store & { dataSource: DataSource };
    await dataSource.query(
      `INSERT INTO regstack_sessions SELECT 's' || n, 'u', 0, now(), now() + interval '1 year' FROM generate_series(1, 20000) n`,
    );
    await dataSource.query(
      `INSERT INTO regstack_outbox SELECT 'm' || n, 'k', '', NULL, '', 'sent', 1, NULL, NULL, now(), now(), now() FROM generate_series(1, 20000) n`,
    );
    await dataSource.query('ANALYZE');
    for (let n = 0; n < 8; n++) {
      await sweeper.purgeExpired(10, NOW, NOW);
      await outbox.lease('mail', 10, 5, NOW);
    }
    const looks: { statement: string; generic_plans: string; name: string }[] = await dataSource.query(
      "SELECT name, statement, generic_plans FROM pg_prepared_statements WHERE statement LIKE 'SELECT id FROM%LIMIT 1'",
    );
    // The other tables are empty: there the index would be a detour.
    const filled = looks.filter(({ statement }) => /sessions|outbox/.test(statement));
    expect(filled).toHaveLength(5);
    for (const { name, statement } of filled) {
      const plan: unknown[] = await dataSource.query(`EXPLAIN EXECUTE ${name}(now() - interval '1 year')`);
      expect([statement, JSON.stringify(plan)]).toEqual([statement, expect.stringContaining('Index')]);
    }
  });

  it('the keys that secrets need are found in the index, however many users there are', async () => {
    const { users, dataSource } = (await open()) as Store & { dataSource: DataSource };
    await dataSource.query(
      `INSERT INTO regstack_users (id, email, is_active, is_verified, is_superuser, is_mfa_enabled, attributes, auth_epoch, created_at, totp_kid)
        SELECT 'u' || n, 'u' || n, true, true, false, false, '{}', 0, now(), CASE WHEN n % 2 = 0 THEN 'kid-' || n % 3 END
        FROM generate_series(1, 20000) n`,
    );
    await dataSource.query('ANALYZE');
    expect((await users.totpKeyIds()).toSorted()).toEqual(['kid-0', 'kid-1', 'kid-2']);
    const [look] = await dataSource.query<{ name: string }[]>(
      "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%totp_kid%'",
    );
    const plan = JSON.stringify(await dataSource.query(`EXPLAIN EXECUTE ${look!.name}`));
    expect(plan).toContain('Index Only Scan using regstack_users_totp_kid');
    expect(plan).not.toContain('Seq Scan on regstack_users');
  });

  it('what is under a key is paged through, and codes are counted, in indexes, however many users and sent messages there are', async () => {
    const { keyUses, dataSource } = (await open()) as Store & { dataSource: DataSource };
    await dataSource.query(
      `INSERT INTO regstack_users (id, email, is_active, is_verified, is_superuser, is_mfa_enabled, attributes, auth_epoch, created_at, totp_kid,
        totp_secret, recovery_codes, recovery_kid)
        SELECT 'u' || n, 'u' || n, true, true, false, false, '{}', 0, now(), CASE WHEN n % 9 = 0 THEN 'kid-' || n % 2 END, 'secret',
        CASE WHEN n % 9 = 0 THEN 'codes' END, 'kid' FROM generate_series(1, 20000) n`,
    );
    await dataSource.query(
      `INSERT INTO regstack_outbox (id, kind, recipient, sealed_body, state, attempts, created_at, due_at)
        SELECT 'm' || n, 'mail', 'x', CASE WHEN n % 99 = 0 THEN 'kid-1.' || n ELSE '' END, CASE WHEN n % 99 = 0 THEN 'queued' ELSE 'sent' END,
        0, now(), now() FROM generate_series(1, 20000) n`,
    );
    await dataSource.query('VACUUM ANALYZE');
    const page = { before: 'z', limit: 50 };
    for (const purpose of ['totp', 'outbox'] as const)
      expect(await keyUses.findSealed(purpose, 'kid-1', page)).toHaveLength(50);
    for (const purpose of ['totp', 'outbox', 'recovery-code'] as const)
      expect(await keyUses.count(purpose)).not.toEqual([]);
    const looks = await dataSource.query<{ name: string; parameters: number }[]>(
      "SELECT name, cardinality(parameter_types) AS parameters FROM pg_prepared_statements WHERE statement ~ 'kid AS kid|AS sealed|AS kid FROM'",
    );
    expect(looks).toHaveLength(5);
    await dataSource.query("SET plan_cache_mode = 'force_generic_plan'");
    for (const { name, parameters } of looks) {
      const values =
        parameters === 0 ? '' : `(${Array.from({ length: parameters }, () => "'50'").join(', ')})`;
      const plan = JSON.stringify(await dataSource.query(`EXPLAIN EXECUTE ${name}${values}`));
      expect([name, plan]).toEqual([name, expect.stringContaining('Index')]);
      expect(plan).not.toContain('Seq Scan');
    }
  });

  it('database_pool_size bounds the connections of a process', async () => {
    const { users } = await open({ databasePoolSize: 3 });
    await Promise.all(Array.from({ length: 40 }, () => users.findById('nobody')));
    const { rows } = await admin.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'regstack' AND datname = current_database()",
    );
    expect(rows).toEqual([{ n: 3 }]);
  });
});
