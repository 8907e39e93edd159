import { type Connection, createConnection, type mongo } from 'mongoose';
import { COLLECTION_NAMES } from '../../../libs/regstack/src/persistence/mongoose/collections';
import {
  MongooseStore,
  type OpenOptions,
} from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import { userDocument } from '../../../libs/regstack/src/persistence/mongoose/records';
import {
  ALICE,
  BOB,
  aMessage,
  aSession,
  at,
  aUser,
  T0,
} from '../../../libs/regstack/src/testing/contracts/samples';
import { DATABASES } from '../../support/databases';
import { describeOnMongo, OPTIONS, TOPOLOGIES, type Topology } from './topologies';

describeOnMongo.each(TOPOLOGIES)('MongooseStore, on %s', (_title, start) => {
  let topology: Topology;
  let url: string;
  const stores: MongooseStore[] = [];
  const open = async (changes: Partial<OpenOptions> = {}, where = url): Promise<MongooseStore> => {
    const store = await MongooseStore.open(where, { ...OPTIONS, ...changes });
    stores.push(store);
    return store;
  };
  beforeAll(async () => {
    topology = await start();
  });
  afterAll(() => topology.dispose());
  beforeEach(async () => {
    url = await topology.fresh();
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await DATABASES.mongo.drop(url);
  });

  const indexesOf = async (store: MongooseStore) => {
    const found: Record<string, string[]> = {};
    for (const name of COLLECTION_NAMES) {
      // Has none, and comes with its first document.
      if (name === 'admins') continue;
      const indexes = await store.mongo.patient()[name].indexes();
      found[name] = indexes
        .flatMap(({ key, unique, partialFilterExpression, expireAfterSeconds }) => {
          if (Object.keys(key).join() === '_id') return [];
          const marks = [
            unique && 'unique',
            partialFilterExpression && 'partial',
            expireAfterSeconds === 0 && 'ttl',
          ];
          return [[Object.keys(key).join(), ...marks.filter(Boolean)].join(' ')];
        })
        .toSorted();
    }
    return found;
  };

  const INDEXES = {
    users: [
      'claims unique partial',
      'deleting.at partial',
      'email unique',
      'intents._id partial',
      'is_superuser partial',
      'recovery.epoch partial',
      'totp.key_id,_id partial',
      'undo.token_hash partial',
    ],
    pending: ['email', 'expires_at ttl'],
    sessions: ['expires_at ttl', 'user_id'],
    challenges: [
      'challenge_id unique',
      'expires_at ttl',
      'subject_id',
      'token_hash unique',
      'user_id partial',
    ],
    budgets: ['expires_at ttl'],
    outbox: ['expires_at ttl', 'lease_id partial', 'state,_id', 'state,due_at,_id'],
    audit: ['actor,_id', 'at', 'kind,_id', 'target,_id'],
    trustedDevices: ['expires_at ttl', 'user_id,trust_id'],
  };

  describe('opening', () => {
    it('of an empty database by many at once gives all of them the same indexes', async () => {
      const opened = await Promise.all(Array.from({ length: 8 }, () => open()));
      for (const store of opened) expect(await indexesOf(store)).toEqual(INDEXES);
    });

    it('without auto_migrate refuses a schema that lacks an index, and takes one that is complete', async () => {
      await expect(open({ schema: 'check' })).rejects.toThrow(/schema is older.*auto_migrate = true/);
      const store = await open();
      await open({ schema: 'check' });
      await store.mongo.patient().challenges.dropIndex('token_hash_1');
      await expect(open({ schema: 'check' })).rejects.toThrow(/schema is older/);
    });

    it('refuses an index of ours that is there in another form, and names the collection', async () => {
      const store = await open();
      await store.mongo.patient().users.dropIndex('email_1');
      await store.mongo.patient().users.createIndex({ email: 1 });
      await expect(open()).rejects.toThrow(/collection regstack_users differs.*drop that index/);
    });

    it('tells a collation and a filter from none, and names the collection whose values stand twice', async () => {
      const store = await open();
      const { users } = store.mongo.patient();
      const forms = [
        { collation: { locale: 'en', strength: 2 } },
        { partialFilterExpression: { email: 'x' } },
      ];
      for (const form of forms) {
        await users.dropIndex('email_1');
        await users.createIndex({ email: 1 }, { unique: true, ...form });
        await expect(open({ schema: 'check' })).rejects.toThrow(/schema is older/);
      }
      await users.dropIndex('email_1');
      await store.users.create(aUser());
      // As a version without claims would, which the other index has nothing against.
      const { claims: _, ...second } = userDocument(aUser());
      await users.insertOne(second as never);
      await expect(open()).rejects.toThrow(/documents of the collection regstack_users share/);
    });

    it('keeps to the prefix: two stores share a database', async () => {
      const [one, other] = [await open(), await open({ tablePrefix: 'other_' })];
      await one.users.create(aUser());
      expect(await other.users.isTaken(ALICE, at(1))).toBe(false);
    });
  });

  describe('on the connection of a host', () => {
    let host: Connection;
    let commands: mongo.CommandStartedEvent[];
    let store: MongooseStore;
    beforeEach(async () => {
      // As careless as a host may be.
      host = createConnection(url, {
        w: 1,
        readPreference: 'secondaryPreferred',
        monitorCommands: true,
        ignoreUndefined: true,
        useBigInt64: true,
      });
      commands = [];
      store = await MongooseStore.openBeside(host, OPTIONS);
      host.getClient().on('commandStarted', (event) => commands.push(event));
    });
    afterEach(async () => {
      await host.destroy();
    });

    it('the store uses its database, and leaves it open', async () => {
      await store.users.create(aUser());
      expect(await host.collection('regstack_users').countDocuments()).toBe(1);
      await store.close();
      expect(host.readyState).toBe(1);
      expect(await host.collection('regstack_users').countDocuments()).toBe(1);
    });

    it('goes on when the host has closed it and opened it again', async () => {
      await store.users.create(aUser());
      await host.close();
      await expect(store.users.isTaken(ALICE, at(1))).rejects.toMatchObject({ code: 'service.unavailable' });
      await host.openUri(url);
      expect(await store.users.isTaken(ALICE, at(1))).toBe(true);
    });

    it('a host’s syncIndexes() drops none of ours', async () => {
      const before = await indexesOf(store);
      await host.syncIndexes();
      expect(await indexesOf(store)).toEqual(before);
    });

    it('a second store finds the models of the first', async () => {
      const second = await MongooseStore.openBeside(host, OPTIONS);
      expect(second.connection).toBe(host);
      await second.users.create(aUser());
      expect(await store.users.isTaken(ALICE, at(1))).toBe(true);
    });

    it('every write is acknowledged by the disks of the majority, every read is the primary’s', async () => {
      const { id } = await store.users.create(aUser());
      const session = aSession(id);
      await store.sessions.open(session);
      await store.sessions.authenticate(session.id, T0);
      await store.users.changeCredentials(id, 0, { passwordHash: '$hash-2' }, [aMessage()]);
      await store.budgets.reserve('key', 5, 60, T0);
      await store.outbox.lease('mail', 5, 60, at(1));
      const ours = commands.map(({ command }) => command as mongo.Document);
      const writes = ours.filter((one) =>
        ['insert', 'update', 'delete', 'findAndModify'].some((name) => name in one),
      );
      expect(writes.length).toBeGreaterThan(6);
      for (const write of writes) expect(write['writeConcern']).toEqual({ w: 'majority', j: true });
      const reads = ours.filter((one) => ['find', 'aggregate'].some((name) => name in one));
      expect(reads.length).toBeGreaterThan(3);
      // The primary needs no word. What the host asks for would be named on a replica set.
      for (const read of reads) expect(read['$readPreference']).toBeUndefined();
    });

    it('numbers are numbers, whatever the host makes of them', async () => {
      const { accounts } = store;
      const { id } = await store.users.create(aUser({ isSuperuser: true }));
      await store.users.create(aUser({ email: BOB, isSuperuser: true }));
      const changed = await accounts.changeAccount(id, { isSuperuser: false, endSessions: true });
      expect(changed).toMatchObject({ before: { authEpoch: 0 }, user: { authEpoch: 1 } });
      const everybody = { search: null, isActive: null, isVerified: null, isSuperuser: null };
      expect(await accounts.countOf(everybody)).toBe(2);
      expect(await accounts.counts(T0)).toEqual({
        ...{ total: 2, active: 2, verified: 2, superusers: 1, pendingRegistrations: 0 },
      });
    });

    it('a note of a request waits for no disk, and for no majority', async () => {
      const session = aSession((await store.users.create(aUser())).id);
      await store.sessions.open(session);
      commands.length = 0;
      await store.sessions.touch(session.id, T0, at(60));
      expect(commands.map(({ command }) => (command as mongo.Document)['writeConcern'] as unknown)).toEqual([
        { w: 1 },
      ]);
    });

    it('a guarded request costs one command', async () => {
      const session = aSession((await store.users.create(aUser())).id);
      await store.sessions.open(session);
      commands.length = 0;
      expect(await store.sessions.authenticate(session.id, T0)).not.toBeNull();
      expect(commands.map(({ commandName }) => commandName)).toEqual(['aggregate']);
    });

    it('an idle worker costs two, and a refusal that was noted costs no write', async () => {
      for (let n = 0; n < 6; n++) await store.budgets.reserve('key', 5, 60, T0);
      commands.length = 0;
      expect(await store.outbox.lease('mail', 8, 60, T0)).toEqual([]);
      expect(commands.map(({ commandName }) => commandName)).toEqual(['find', 'aggregate']);
      const { budgets } = store.mongo.patient();
      const before = await budgets.findOne({ _id: 'key' });
      expect(await store.budgets.reserve('key', 5, 60, at(1))).toEqual({ granted: false, until: at(60) });
      expect(await budgets.findOne({ _id: 'key' })).toEqual(before);
    });

    it('its models show reports the documents, without the hash, and take no field that is none', async () => {
      const { id } = await store.users.create(aUser());
      const users = host.model('regstack_users');
      const found = await users.findOne({ created_at: { $lte: T0 } }).lean();
      expect(found).toMatchObject({ _id: id, email: ALICE, auth_epoch: 0 });
      expect(found).not.toHaveProperty('password_hash');
      const totp = { sealedSecret: 'kid.secret', lastStep: 5 };
      await store.users.changeCredentials(id, 0, { totp, recoveryCodes: ['code'] }, []);
      expect(await users.findOne({ 'totp.key_id': 'kid' }).lean()).toMatchObject({
        totp: { key_id: 'kid', last_step: 5, epoch: 1 },
        recovery: { epoch: 1 },
      });
      const hidden = await users.findOne({ _id: id }).lean();
      expect(JSON.stringify(hidden)).not.toMatch(/kid.secret|code/);
      await expect(users.findOne({ is_admin: true })).rejects.toThrow(/is_admin/);
      await expect(users.updateOne({ _id: id }, { is_admin: true })).rejects.toThrow(/is_admin/);
    });
  });

  it('a connection that is none is refused', async () => {
    await expect(MongooseStore.openBeside({}, OPTIONS)).rejects.toThrow(/connection: .*MongooseModule/);
  });
});
