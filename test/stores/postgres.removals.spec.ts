import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { loadRegStackConfig } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import { DATABASES } from '../support/databases';
import { describeOn } from '../support/stores';

/** Of an operation; in these tests a circle of locks is found by nobody before it is over. */
const TIMEOUT_MS = 5000;
const WAITING = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;

const NOW = new Date('2126-03-01T12:00:00.000Z');
let made = 0;
const addressOf = (name: string) => `${name}@example.org` as never;
const aUser = (changes: { email?: never; isSuperuser?: boolean } = {}) => ({
  id: `id-${(made += 1)}`,
  email: addressOf('alice'),
  passwordHash: null,
  fullName: null,
  isVerified: true,
  isSuperuser: false,
  attributes: {},
  createdAt: NOW,
  ...changes,
});
const aRemoval = () => ({ expectedEpoch: null, notices: [], at: NOW });

describeOn(['postgres'], 'removals at once', (kind) => {
  let url: string;
  let other: Client;
  const opened: Store[] = [];
  const open = async (): Promise<Store> => {
    const options = { databaseUrl: url, databaseTimeoutMs: TIMEOUT_MS, databasePoolSize: 2 };
    const store = await openStore(loadRegStackConfig({ jwtSecret: 'x'.repeat(32), ...options }, { env: {} }));
    opened.push(store);
    return store;
  };
  beforeEach(async () => {
    url = await DATABASES[kind].fresh();
    other = new Client({ connectionString: url });
    await other.connect();
    const name = new URL(url).pathname.slice(1);
    await other.query(`ALTER ROLE CURRENT_USER IN DATABASE "${name}" SET deadlock_timeout = '1min'`);
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
  const add = ({ users }: Store, name: string, isSuperuser = false) =>
    users.create(aUser({ email: addressOf(name), isSuperuser }));

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
    expect(await accounts.remove(plain.id, aRemoval({ expectedEpoch: 0 }))).toEqual(plain);
    expect(await accounts.remove(disabled.id, aRemoval())).toMatchObject({ id: disabled.id });
    const removed = accounts.remove(admin.id, aRemoval());
    await waiting(1);
    expect(await users.findById(admin.id)).toEqual(admin);
    await other.query('ROLLBACK');
    expect(await removed).toEqual(admin);
  });

  it('one who becomes an admin while their row is waited for takes their turn', async () => {
    const { users, accounts } = await open();
    const { id } = await users.create(aUser());
    await other.query('BEGIN');
    await other.query('UPDATE regstack_users SET is_superuser = true');
    const removed = accounts.remove(id, aRemoval());
    await waiting(1);
    await other.query('COMMIT');
    expect(await removed).toBe('last_admin');
    expect((await users.findById(id))?.isSuperuser).toBe(true);
  });
});
