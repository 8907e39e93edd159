import { connect, createServer, type Server, type Socket } from 'node:net';
import { createConnection } from 'mongoose';
import { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import { intentDocument } from '../../../libs/regstack/src/persistence/mongoose/records';
import {
  aChallenge,
  ALICE,
  aMessage,
  anAttempt,
  at,
  aUser,
  BOB,
  T0,
} from '../../../libs/regstack/src/testing/contracts/samples';
import { DATABASES } from '../../support/databases';
import { describeOnMongo, OPTIONS, TOPOLOGIES, type Topology } from './topologies';

describeOnMongo.each(TOPOLOGIES)('the protocols on MongoDB, on %s', (_topology, start) => {
  let topology: Topology;
  let url: string;
  const stores: MongooseStore[] = [];
  const open = async (): Promise<MongooseStore> => {
    const store = await MongooseStore.open(url, OPTIONS);
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

  it('P3: an activation under way brings no account back that was deleted meanwhile', async () => {
    const { users, pendingRegistrations } = await open();
    const attempt = anAttempt();
    await pendingRegistrations.add(attempt, aChallenge(attempt.id), aMessage());
    const create = users.create.bind(users);
    jest.spyOn(users, 'create').mockImplementation(async (user) => {
      // With the account of somebody else on the address the attempts on it went.
      await pendingRegistrations.dropAllFor(ALICE);
      return create(user);
    });
    expect(await pendingRegistrations.activate(attempt.id, T0)).toBeNull();
    expect([await users.findForLogin(ALICE), await users.isTaken(ALICE, T0)]).toEqual([null, false]);
  });

  it('the name of an attribute that would be a path or an operator is refused, and a value is a value', async () => {
    const { users, accounts } = await open();
    const { id } = await users.create(aUser());
    const names = ['a.b', '$set', '', '__proto__', 'a\0', '0', `a${'b'.repeat(63)}`];
    for (const name of names) {
      const attributes = Object.fromEntries([[name, 1]]);
      await expect(accounts.changeAccount(id, { attributes })).rejects.toBeInstanceOf(TypeError);
      await expect(users.create(aUser({ attributes }))).rejects.toBeInstanceOf(TypeError);
    }
    const value = { 'a.b': 1, $set: { $gt: '$email' }, list: [{ $literal: 2 }, '$email'], $$REMOVE: null };
    const attributes = { a: value, b: '$email', c: ['$$ROOT'] };
    await accounts.changeAccount(id, { attributes });
    expect((await users.findById(id))?.attributes).toEqual(attributes);
    await accounts.changeAccount(id, { isActive: false, attributes: { a: { $set: 1 }, b: null } });
    expect((await users.findById(id))?.attributes).toEqual({ a: { $set: 1 }, c: ['$$ROOT'] });
    const created = aUser({ id: 'other', email: BOB, attributes });
    expect((await users.create(created)).attributes).toEqual(attributes);
    expect((await users.findById('other'))?.attributes).toEqual(attributes);
  });

  describe('P2: the notice of a change', () => {
    const notices = Array.from({ length: 5 }, () => aMessage());

    it.each([
      ['before it was copied', false],
      ['after it was copied and before it was removed', true],
    ])('survives a crash %s, and is handed out once', async (_, isCopied) => {
      const store = await open();
      const { id } = await store.users.create(aUser());
      const $push = { intents: { $each: notices.map(intentDocument) } };
      await store.mongo.patient().users.updateOne({ _id: id }, { $push });
      if (isCopied) for (const notice of notices) await store.outbox.enqueue(notice);
      const leased = await Promise.all(
        Array.from({ length: 16 }, () => store.outbox.lease('mail', 3, 60, at(1))),
      );
      const ids = leased.flat().map((one) => one.id);
      expect(ids.toSorted()).toEqual(notices.map((one) => one.id).toSorted());
      expect(await store.mongo.patient().users.findOne({ _id: id })).toMatchObject({ intents: [] });
    });

    it('that was sent meanwhile is not sent again', async () => {
      const store = await open();
      const { id } = await store.users.create(aUser());
      const [notice] = notices;
      await store.outbox.enqueue(notice!);
      const [leased] = await store.outbox.lease('mail', 1, 60, at(1));
      await store.outbox.settle(notice!.id, leased!.leaseId, at(2));
      await store.mongo
        .patient()
        .users.updateOne({ _id: id }, { $push: { intents: intentDocument(notice!) } });
      expect(await store.outbox.lease('mail', 5, 60, at(9999))).toEqual([]);
    });

    it('waits behind any number of messages whose challenge is not there yet, and still has its turn', async () => {
      const store = await open();
      for (let n = 0; n < 120; n++) await store.outbox.enqueue(aMessage({ challengeId: `later-${n}` }));
      const notice = aMessage({ createdAt: at(1) });
      await store.outbox.enqueue(notice);
      expect((await store.outbox.lease('mail', 5, 60, at(2))).map((one) => one.id)).toEqual([notice.id]);
    });
  });

  describe('behind a network that swallows everything', () => {
    const sockets = new Set<Socket>();
    let isSwallowing: boolean;
    let proxy: Server;
    let throughProxy: string;
    beforeEach(async () => {
      const target = new URL(url);
      const { port: upstreamPort, hostname: upstreamHost } = target;
      isSwallowing = false;
      proxy = createServer((client) => {
        sockets.add(client.on('error', () => {}));
        if (isSwallowing) return;
        const upstream = connect(Number(upstreamPort || 27017), upstreamHost);
        sockets.add(upstream.on('error', () => {}));
        client.pipe(upstream).pipe(client);
      });
      await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
      const { port } = proxy.address() as { port: number };
      target.host = `127.0.0.1:${port}`;
      target.searchParams.set('directConnection', 'true');
      throughProxy = target.href;
    });
    afterEach(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => proxy.close(done));
    });

    const swallow = (): void => {
      isSwallowing = true;
      for (const socket of sockets) socket.unpipe().pause();
    };

    it.each(['a connection of our own', 'the connection of a host'])(
      'every call on %s ends in time',
      async (whose) => {
        await open();
        const timeoutMs = 1000;
        const host = whose.includes('host')
          ? createConnection(throughProxy, { maxPoolSize: 2, connectTimeoutMS: 500 })
          : null;
        const store = host
          ? await MongooseStore.openBeside(host, { ...OPTIONS, timeoutMs })
          : await MongooseStore.open(throughProxy, { ...OPTIONS, timeoutMs });
        swallow();
        const begin = Date.now();
        const outcomes = await Promise.allSettled(
          Array.from({ length: 40 }, (_, n) =>
            n % 2 ? store.users.findById('x') : store.users.create(aUser()),
          ),
        );
        expect(Date.now() - begin).toBeLessThan(timeoutMs * 3);
        for (const outcome of outcomes) {
          expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'service.unavailable' } });
        }
        await store.close();
        expect(Date.now() - begin).toBeLessThan(timeoutMs * 6);
        for (const socket of sockets) socket.destroy();
        await host?.destroy(true);
      },
    );
  });
});
