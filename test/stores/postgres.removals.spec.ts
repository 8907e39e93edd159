import { setTimeout as delay } from 'node:timers/promises';
import { loadRegStackConfig } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import { Client } from 'pg';
import { DATABASES } from '../support/databases';
import { describeOn } from '../support/stores';

const NOW = new Date('2126-03-01T12:00:00.000Z');
const NOBODY = { authEpoch: null, userId: null, email: null, phoneNumber: null, payload: null };
const REMOVAL = { expectedEpoch: null, notices: [], at: NOW };
const WAITING = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

describeOn(['postgres'], 'removals at once', (kind) => {
  let url: string;
  let other: Client;
  const opened: Store[] = [];
  const open = async (): Promise<Store> => {
    const settings = { databaseUrl: url, jwtSecret: 'x'.repeat(32), databasePoolSize: 2 };
    const store = await openStore(loadRegStackConfig(settings, { env: {} }));
    opened.push(store);
    return store;
  };
  beforeEach(async () => {
    url = await DATABASES[kind].fresh();
    other = new Client({ connectionString: url });
    await other.connect();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    await other.end();
    await DATABASES[kind].drop(url);
  });
  /** Until so many wait for a lock. Within a transaction the view stays as it was at first, unless told otherwise. */
  const waiting = async (count: number): Promise<void> => {
    for (let found = 0; found !== count; await delay(5)) {
      await other.query('SELECT pg_stat_clear_snapshot()');
      found = (await other.query(WAITING)).rowCount!;
    }
  };
  const add = ({ users }: Store, id: string, isSuperuser = false) => {
    const typed = { email: `${id}@example.org` as never, passwordHash: null, fullName: null, attributes: {} };
    return users.create({ ...typed, id, isVerified: true, isSuperuser, createdAt: NOW });
  };

  it('whoever takes an admin away holds up nobody who is none', async () => {
    const store = await open();
    const { users, accounts } = store;
    const [plain, disabled, admin] = [
      await add(store, 'plain'),
      await add(store, 'disabled', true),
      await add(store, 'admin', true),
    ];
    await add(store, 'left', true);
    await accounts.changeAccount(disabled.id, { isActive: false });
    await other.query('BEGIN');
    await other.query(
      "SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('regstack_admins'))",
    );
    expect(await accounts.remove(plain.id, { ...REMOVAL, expectedEpoch: 0 })).toEqual(plain);
    expect(await accounts.remove(disabled.id, REMOVAL)).toMatchObject({ id: disabled.id });
    const removed = accounts.remove(admin.id, REMOVAL);
    await waiting(1);
    expect(await users.findById(admin.id)).toEqual(admin);
    await other.query('ROLLBACK');
    expect(await removed).toEqual(admin);
  });

  it('one who becomes an admin while their row is waited for takes their turn', async () => {
    const store = await open();
    const { users, accounts } = store;
    const { id } = await add(store, 'promoted');
    await other.query('BEGIN');
    await other.query('UPDATE regstack_users SET is_superuser = true');
    const removed = accounts.remove(id, REMOVAL);
    await waiting(1);
    await other.query('COMMIT');
    expect(await removed).toBe('last_admin');
    expect((await users.findById(id))?.isSuperuser).toBe(true);
  });

  it('P3: an activation under way brings no account back that was deleted meanwhile', async () => {
    const { users, pendingRegistrations } = await open();
    const email = 'alice@example.org' as never;
    const attempt = {
      ...{ id: 'attempt', userId: 'user', email, passwordHash: '$hash', fullName: null, attributes: {} },
      ...{ createdAt: NOW, expiresAt: new Date(NOW.getTime() + 60_000) },
    };
    const link = { id: 'link', kind: 'registration', subjectId: 'attempt', tokenHash: 'hash' } as const;
    const mail = {
      id: 'mail',
      kind: 'k',
      recipient: email,
      challengeId: null,
      sealedBody: 's',
      createdAt: NOW,
    };
    const { createdAt, expiresAt } = attempt;
    await pendingRegistrations.add(attempt, { ...link, ...NOBODY, createdAt, expiresAt }, mail);
    await other.query('BEGIN');
    // Somebody has the address, and with the account of theirs the attempts on it go.
    await other.query(
      `INSERT INTO regstack_email_claims (email, user_id) VALUES ('alice@example.org', 'somebody')`,
    );
    const activated = pendingRegistrations.activate('attempt', NOW);
    await waiting(1);
    await other.query('DELETE FROM regstack_pending_registrations');
    await other.query('DELETE FROM regstack_email_claims');
    await other.query('COMMIT');
    expect(await activated).toBeNull();
    expect(await users.findForLogin(email)).toBeNull();
    expect(await users.isTaken(email, NOW)).toBe(false);
  });
});
