import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRegStackConfig, type RegStackOptions } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import { mongo } from 'mongoose';
import { DATABASES } from '../support/databases';
import { storesOfRun } from '../support/stores';

/** A database as a version leaves it: the indexes of each collection by their form, and a document in each. */
type Snapshot = Record<
  string,
  { readonly indexes: readonly mongo.IndexDescription[]; readonly documents: [] }
>;

const NOW = new Date('2026-01-01T01:00:00.000Z');
const LATER = new Date('2026-01-04T00:00:00.000Z');
const SCHEMAS = join(__dirname, 'schemas/mongo');
const SNAPSHOTS = readdirSync(SCHEMAS).toSorted();
const read = (file: string): Snapshot =>
  mongo.BSON.EJSON.parse(readFileSync(join(SCHEMAS, file), 'utf8')) as Snapshot;
const describeIf = storesOfRun().includes('mongo') ? describe : describe.skip;

describeIf('the schema on MongoDB', () => {
  let url: string;
  let client: mongo.MongoClient;
  beforeEach(async () => {
    url = await DATABASES.mongo.fresh();
    client = await mongo.MongoClient.connect(url);
  });
  afterEach(async () => {
    await client.close();
    await DATABASES.mongo.drop(url);
  });
  const open = (changes: RegStackOptions = {}): Promise<Store> =>
    openStore(loadRegStackConfig({ databaseUrl: url, jwtSecret: 'x'.repeat(32), ...changes }, { env: {} }));
  /** The database as that version left it. */
  const restore = async (file: string): Promise<void> => {
    for (const [name, { indexes: all, documents }] of Object.entries(read(file))) {
      const collection = client.db().collection(name);
      await collection.insertMany(documents);
      if (all.length > 0) await collection.createIndexes([...all]);
    }
  };
  /** What each index does, without its name. */
  const indexes = async (): Promise<Record<string, unknown>> => {
    const found: Record<string, unknown> = {};
    for (const collection of await client.db().collections()) {
      const all = await collection.indexes();
      found[collection.collectionName] = all
        .filter(({ key }) => !('_id' in key && Object.keys(key).length === 1))
        .map(({ key, unique, sparse, expireAfterSeconds, partialFilterExpression, collation }) =>
          JSON.stringify({ key, unique, sparse, expireAfterSeconds, partialFilterExpression, collation }),
        )
        .toSorted();
    }
    return found;
  };

  it('is the one of the newest snapshot', async () => {
    await (await open()).close();
    // A collection without an index comes with its first document.
    const newest = Object.entries(read(SNAPSHOTS.at(-1)!))
      .filter(([, { indexes: all }]) => all.length > 0)
      .map(([name, { indexes: all }]) => [name, all.map((index) => JSON.stringify(index)).toSorted()]);
    expect(await indexes()).toEqual(Object.fromEntries(newest));
  });

  it.each(SNAPSHOTS)('from %s to this version, nobody is lost', async (file) => {
    await restore(file);
    const store = await open();
    const { users, sessions, challenges, pendingRegistrations, budgets, outbox } = store;
    expect(await users.findForLogin('zoë@example.org' as never)).toMatchObject({
      ...{ id: '0000-user', fullName: 'Zoë 😀', authEpoch: 3, attributes: {}, passwordHash: '$hash' },
      createdAt: new Date('2026-01-01T00:00:00.007Z'),
    });
    expect(await users.isTaken('zoë@example.org' as never, NOW)).toBe(true);
    expect(await sessions.authenticate('0000-session', NOW)).toMatchObject({
      session: { deviceId: '0000-session', authenticatedAt: new Date('2026-01-01T00:00:00.000Z') },
      user: { id: '0000-user' },
    });
    const link = await challenges.findLive(['registration'], 'hash-of-token', NOW);
    expect(link).toMatchObject({ id: '0000-challenge', subjectId: '0000-attempt' });
    expect(await budgets.reserve('login:key', 5, 900, NOW)).toMatchObject({ granted: false });
    const leased = await outbox.lease('mail', 5, 60, NOW);
    expect(leased.map(({ id, attempts }) => [id, attempts])).toEqual([
      ['0000-message', 2],
      ['0000-notice', 1],
    ]);
    expect(await pendingRegistrations.activate('0000-attempt', NOW)).toMatchObject({ id: '0000-other-user' });
    await store.close();
    await (await open({ autoMigrate: false })).close();
  });

  it('from the version with addresses that can be taken back on, those can be, and devices are known', async () => {
    await restore('2-addresses-and-devices.json');
    const store = await open();
    const { users, sessions, challenges } = store;
    expect(await sessions.authenticate('0000-session-2', NOW)).toMatchObject({
      session: { deviceId: '0000-device', authenticatedAt: new Date('2026-01-01T00:30:00.000Z') },
    });
    expect(await challenges.findLive(['email-change'], 'hash-of-change', NOW)).toMatchObject({
      authEpoch: 3,
      email: 'zoe@example.org',
    });
    const moved = await users.findByUndo('hash-of-undo', NOW);
    expect(await users.isTaken('old@example.org' as never, NOW)).toBe(true);
    const restored = await users.undoEmailChange('0000-moved', moved!.emailUndo!, [], NOW);
    expect(restored).toMatchObject({ email: 'old@example.org', authEpoch: 2 });
    expect(await users.isTaken('new@example.org' as never, NOW)).toBe(false);
    await store.close();
  });

  it('rows of the versions before have no roles, no attributes, and were seen when they began', async () => {
    await restore('2-addresses-and-devices.json');
    const store = await open();
    const { users, sessions, pendingRegistrations } = store;
    expect((await users.findById('0000-user'))?.roles).toEqual([]);
    const [session] = await sessions.listFor('0000-moved', 1, NOW);
    const began = new Date('2026-01-01T00:00:00.000Z');
    expect(session).toMatchObject({ id: '0000-session-2', ip: null, userAgent: null, lastSeenAt: began });
    await sessions.touch('0000-session-2', new Date(began.getTime() - 1), NOW);
    expect((await sessions.authenticate('0000-session-2', NOW))?.session.lastSeenAt).toEqual(began);
    await sessions.touch('0000-session-2', began, NOW);
    expect((await sessions.authenticate('0000-session-2', NOW))?.session.lastSeenAt).toEqual(NOW);
    expect((await pendingRegistrations.activate('0000-attempt', NOW))?.attributes).toEqual({});
    await store.close();
  });

  it('from the version with accounts as a whole on, they are kept, and what was left half done is finished', async () => {
    await restore('3-accounts-and-audit.json');
    const store = await open();
    const { users, accounts, sessions, audit, pendingRegistrations, sweeper } = store;
    const attributes = { size: 'L', a: { $set: '$email' } };
    const admin = await users.findById('0000-admin');
    expect(admin).toMatchObject({ isSuperuser: true, roles: ['editor'], attributes });
    const [session] = await sessions.listFor('0000-admin', 0, NOW);
    const lastSeenAt = new Date('2026-01-01T00:30:00.000Z');
    expect(session).toMatchObject({ ip: '192.0.2.7', userAgent: 'Firefox', lastSeenAt });
    const activated = await pendingRegistrations.activate('0000-attempt-3', NOW);
    expect(activated).toMatchObject({ id: '0000-carol', attributes: { size: 'M' } });
    expect(await users.findById('0000-leaving')).toBeNull();
    expect(await users.isTaken('leaving@example.org' as never, NOW)).toBe(true);
    expect(await sweeper.purgeExpired(5, NOW, new Date(0))).toBe(1);
    expect(await users.isTaken('leaving@example.org' as never, NOW)).toBe(false);
    const records = await audit.list({ kind: null, names: ['0000-name'] }, { before: null, limit: 5 });
    expect(records).toMatchObject([{ id: '0000-record', requestId: '0000-request', ip: '192.0.2.7' }]);
    const demoted = await users.findById('0000-admin-2');
    expect(demoted).toMatchObject({ isSuperuser: false, roles: ['editor'], attributes: { size: 'S' } });
    expect(await accounts.changeAccount('0000-admin', { isActive: false })).toBe('last_admin');
    await store.close();
  });

  it('rows of the versions before have no second factors, and what was set since is undone with an address', async () => {
    await restore('2-addresses-and-devices.json');
    const store = await open();
    const { users, challenges } = store;
    expect(await users.findCredentials('0000-moved')).toMatchObject({ totp: null, recoveryCodesLeft: 0 });
    const link = await challenges.findLiveAbout('email-change', '0000-user', NOW);
    expect(link).toMatchObject({ id: '0000-change', userId: null, phoneNumber: null, payload: null });
    expect([await users.useTotpStep('0000-moved', 1, 1), await users.totpKeyIds()]).toEqual([false, []]);
    const totp = { sealedSecret: 'kid.nonce.body.tag', lastStep: 0 };
    await users.changeCredentials('0000-moved', 1, { totp, recoveryCodes: ['a'], isMfaEnabled: true }, []);
    const moved = await users.findByUndo('hash-of-undo', NOW);
    await users.undoEmailChange('0000-moved', moved!.emailUndo!, [], NOW);
    const bare = { totp: null, recoveryCodesLeft: 0, isMfaEnabled: false };
    expect(await users.findCredentials('0000-moved')).toMatchObject(bare);
    await store.close();
  });

  it('from the version with second factors on, they are kept, and a deletion that was left half done takes them', async () => {
    await restore('4-second-factors.json');
    const store = await open();
    const { users, sessions, challenges, trustedDevices, sweeper } = store;
    expect(await users.findCredentials('0000-secured')).toMatchObject({
      ...{ phoneNumber: '+4915112345678', recoveryCodesLeft: 2, isMfaEnabled: true },
      totp: { sealedSecret: 'kid-2.nonce.body.tag', lastStep: 58_000_000 },
    });
    expect(await users.totpKeyIds()).toEqual(['kid-2']);
    expect(await trustedDevices.isTrusted('0000-secured', '0000-device', 4, NOW)).toBe(true);
    const code = await challenges.findLiveAbout('sms-code', '0000-sign-in', NOW);
    expect(code).toMatchObject({ userId: '0000-secured', phoneNumber: '+4915112345678' });
    const guesses = [
      await challenges.countGuess(code!.id, 5, NOW),
      await challenges.countGuess(code!.id, 5, NOW),
    ];
    expect(guesses).toEqual([true, false]);
    await users.changeCredentials('0000-secured', 4, {}, [], '0000-session-4');
    expect(await sessions.listFor('0000-secured', 5, NOW)).toMatchObject([{ id: '0000-session-4' }]);
    expect(await users.useRecoveryCode('0000-secured', 5, 'hash-of-code-2')).toBe(1);
    const { emailUndo } = (await users.findByUndo('hash-of-undo-4', NOW))!;
    await users.undoEmailChange('0000-secured', emailUndo!, [], NOW);
    const earlier = { phoneNumber: '+4915112345678', totp: null, recoveryCodesLeft: 1, isMfaEnabled: true };
    expect(await users.findCredentials('0000-secured')).toMatchObject(earlier);
    expect(await sweeper.purgeExpired(5, NOW, new Date(0))).toBe(2);
    const dump = await DATABASES.mongo.dump(url);
    for (const text of ['0000-leaving-4', '+4915187654321', '+4915100000000'])
      expect(dump).not.toContain(text);
    await store.close();
  });

  it('from the version that notes the keys of recovery codes on, they are known; those of before are not', async () => {
    await restore('6-keys-in-use.json');
    const store = await open();
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
    expect(await users.useRecoveryCode('0000-renewed', 2, 'hash-of-code-3')).toBe(0);
    expect(await sets()).toEqual(new Map([[null, 1]]));
    const page = { before: null, limit: 5 };
    const secret = { id: '0000-secured', text: 'kid-2.nonce.body.tag' };
    expect(await keyUses.findSealed('totp', 'kid-2', page)).toEqual([secret]);
    expect(await keyUses.reseal('totp', secret.id, secret.text, 'kid-3.nonce.body.tag')).toBe(true);
    expect(await users.totpKeyIds()).toEqual(['kid-3']);
    await store.close();
  });

  it('users of a version without claims get theirs at open, also of several at once, and nobody else gets their address', async () => {
    await restore('1-first.json');
    const collection = client
      .db()
      .collection<{ _id: string; email: string; claims?: string[] }>('regstack_users');
    const first = (await collection.findOne({ _id: '0000-user' }))!;
    const others = Array.from({ length: 50 }, (_, n) => ({
      ...{ ...first, _id: `older-${n}`, email: `older-${n}@example.org`, intents: [] },
    }));
    await collection.insertMany(others);
    const stores = await Promise.all(Array.from({ length: 6 }, () => open()));
    const all = await collection.find().toArray();
    expect(all.map(({ claims }) => claims)).toEqual(all.map(({ email }) => [email]));
    const { users } = stores[0]!;
    // What a process of that version adds now, beside this one.
    await collection.insertMany(
      ['a', 'b'].map((n) => ({ ...first, _id: n, email: `${n}@example.org`, intents: [] })),
    );
    const held = ['older-7', 'a', 'b'].map((name) => `${name}@example.org` as never);
    for (const email of held) {
      expect(await users.isTaken(email, NOW)).toBe(true);
      const is = { passwordHash: null, fullName: null, isVerified: true, isSuperuser: false, attributes: {} };
      await expect(users.create({ id: 'new', email, ...is, createdAt: NOW })).rejects.toThrow('in use');
      const undo = { email: 'zoë@example.org' as never, tokenHash: 'hash', expiresAt: LATER, authEpoch: 3 };
      expect(await users.changeEmail('0000-user', 3, { email, undo }, [], NOW)).toBeNull();
    }
    const undo = { email: held[1]!, tokenHash: 'hash', expiresAt: LATER, authEpoch: 3 };
    expect(
      await users.changeEmail('a', 3, { email: 'c@example.org' as never, undo }, [], NOW),
    ).not.toBeNull();
    expect([await users.isTaken(held[1]!, NOW), await users.isTaken(held[1]!, LATER)]).toEqual([true, false]);
    await Promise.all(stores.map((store) => store.close()));
  });

  it('auto_migrate off: an empty database refuses to boot, names the cure, and nothing is made', async () => {
    await expect(open({ autoMigrate: false })).rejects.toThrow(/schema is older.*REGSTACK_AUTO_MIGRATE=true/);
    expect(await indexes()).toEqual({});
  });

  it('of several that open an empty database at once all succeed', async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => open()));
    await Promise.all(stores.map((store) => store.close()));
    expect(Object.keys(await indexes())).toHaveLength(8);
  });
});
