import { connect, createServer, type Server, type Socket } from 'node:net';
import { createConnection } from 'mongoose';
import { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import { intentDocument } from '../../../libs/regstack/src/persistence/mongoose/records';
import type { AuditRecord } from '../../../libs/regstack/src/ports/audit.repository';
import {
  aChallenge,
  ALICE,
  aMessage,
  anAttempt,
  anUndo,
  aRemoval,
  aSession,
  at,
  aUser,
  BOB,
  T0,
} from '../../../libs/regstack/src/testing/contracts/samples';
import { DATABASES } from '../../support/databases';
import { describeOnMongo, OPTIONS, TOPOLOGIES, type Topology } from './topologies';

const FIRST = { before: null, limit: 1 };
const RECORD: AuditRecord = {
  ...{ id: 'id', at: T0, kind: 'login', actor: null, target: null, ip: null },
  ...{ result: 'success', reason: null, requestId: null },
};

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

  it('an object in place of a text is refused everywhere: it would act as an operator', async () => {
    const { users, accounts, audit, sessions, challenges, budgets, outbox, pendingRegistrations } =
      await open();
    const { id } = await users.create(aUser());
    await sessions.open(aSession(id));
    const any = { $ne: null } as never;
    const [attempt, link, undo] = [anAttempt(), aChallenge('subject'), anUndo(ALICE)];
    const removal = aRemoval();
    const everybody = { search: null, isActive: null, isVerified: null, isSuperuser: null };
    const calls: Record<string, () => Promise<unknown>> = {
      create: () => users.create(aUser({ id: any })),
      findById: () => users.findById(any),
      findForLogin: () => users.findForLogin(any),
      isTaken: () => users.isTaken(any, T0),
      changeCredentials: () => users.changeCredentials(any, 0, { passwordHash: 'x' }, []),
      changeEpoch: () => users.changeCredentials(id, any, { passwordHash: 'x' }, []),
      changeHash: () => users.changeCredentials(id, 0, { passwordHash: any }, []),
      findCredentials: () => users.findCredentials(any),
      findByUndo: () => users.findByUndo(any, T0),
      changeEmail: () => users.changeEmail(any, 0, { email: BOB, undo }, [], T0),
      changeEmailEpoch: () => users.changeEmail(id, any, { email: BOB, undo }, [], T0),
      changeEmailTo: () => users.changeEmail(id, 0, { email: any, undo }, [], T0),
      changeEmailFrom: () => users.changeEmail(id, 0, { email: BOB, undo: { ...undo, email: any } }, [], T0),
      undoEmailChange: () => users.undoEmailChange(any, undo, [], T0),
      undoToken: () => users.undoEmailChange(id, { ...undo, tokenHash: any }, [], T0),
      undoTo: () => users.undoEmailChange(id, { ...undo, email: any }, [], T0),
      replaceHash: () => users.replaceHash(id, any, 'x'),
      open: () => sessions.open(aSession(any)),
      openEpoch: () => sessions.open(aSession(id, { authEpoch: any })),
      authenticate: () => sessions.authenticate(any, T0),
      renewSession: () => sessions.renew(any, T0),
      touch: () => sessions.touch(any, T0, T0),
      listSessions: () => sessions.listFor(any, 0, T0),
      listSessionsOfEpoch: () => sessions.listFor(id, any, T0),
      close: () => sessions.close(id, any),
      closeOf: () => sessions.close(any, 'id'),
      closeOthers: () => sessions.closeOthers(id, any),
      closeOthersOf: () => sessions.closeOthers(any, 'id'),
      closeAllFor: () => sessions.closeAllFor(any, 1),
      changeAccount: () => accounts.changeAccount(any, { fullName: 'x' }),
      changeName: () => accounts.changeAccount(id, { fullName: any }),
      changeRole: () => accounts.changeAccount(id, { roles: [any] }),
      disable: () => accounts.changeAccount(any, { isActive: false }),
      promote: () => accounts.changeAccount(id, { isSuperuser: any }),
      remove: () => accounts.remove(any, removal),
      removeEpoch: () => accounts.remove(id, { ...removal, expectedEpoch: any }),
      removeNotice: () => accounts.remove(id, { ...removal, notices: [aMessage({ sealedBody: any })] }),
      removeAt: () => accounts.remove(id, { ...removal, at: any }),
      search: () => accounts.countOf({ ...everybody, search: any }),
      filter: () => accounts.countOf({ ...everybody, isActive: any }),
      listBehind: () => accounts.list(everybody, { before: any, limit: 1, skip: 0 }),
      listAttempts: () => pendingRegistrations.list({ before: any, limit: 1 }, T0),
      append: () => audit.append([{ ...RECORD, reason: any }]),
      auditKind: () => audit.list({ kind: any, names: null }, FIRST),
      auditUser: () => audit.list({ kind: null, names: [any] }, FIRST),
      add: () => pendingRegistrations.add({ ...attempt, email: any }, link, aMessage()),
      activate: () => pendingRegistrations.activate(any, T0),
      settleUser: () => pendingRegistrations.settle(aUser({ email: any })),
      findAttempts: () => pendingRegistrations.findLive(any, 1, T0),
      dropAttempts: () => pendingRegistrations.dropAllFor(any),
      issue: () => challenges.issue(aChallenge('subject', { tokenHash: any }), aMessage()),
      findLive: () => challenges.findLive(['registration'], any, T0),
      consume: () => challenges.consume(any, T0),
      dropChallenges: () => challenges.dropAllFor(any, 1),
      reserve: () => budgets.reserve(any, 5, 60, T0),
      refund: () => budgets.refund(any, T0),
      release: () => budgets.release(any, T0),
      forget: () => budgets.forget(any),
      enqueue: () => outbox.enqueue(aMessage({ recipient: any })),
      renew: () => outbox.renew(any, 60, T0),
      settle: () => outbox.settle(any, 'lease', T0),
      settleLease: () => outbox.settle('id', any, T0),
      fail: () => outbox.fail('id', any, 'reason', null),
    };
    for (const [name, call] of Object.entries(calls)) {
      await expect(call().then(() => name)).rejects.toThrow('is not a plain value');
      await expect(call().then(() => name)).rejects.toBeInstanceOf(TypeError);
    }
    expect((await users.findById(id))?.authEpoch).toBe(0);
    await expect(users.findById(undefined as never)).rejects.toBeInstanceOf(TypeError);
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
      const leased = await Promise.all(Array.from({ length: 16 }, () => store.outbox.lease(3, 60, at(1))));
      const ids = leased.flat().map((one) => one.id);
      expect(ids.toSorted()).toEqual(notices.map((one) => one.id).toSorted());
      expect(await store.mongo.patient().users.findOne({ _id: id })).toMatchObject({ intents: [] });
    });

    it('that was sent meanwhile is not sent again', async () => {
      const store = await open();
      const { id } = await store.users.create(aUser());
      const [notice] = notices;
      await store.outbox.enqueue(notice!);
      const [leased] = await store.outbox.lease(1, 60, at(1));
      await store.outbox.settle(notice!.id, leased!.leaseId, at(2));
      await store.mongo
        .patient()
        .users.updateOne({ _id: id }, { $push: { intents: intentDocument(notice!) } });
      expect(await store.outbox.lease(5, 60, at(9999))).toEqual([]);
    });

    it('waits behind any number of messages whose challenge is not there yet, and still has its turn', async () => {
      const store = await open();
      for (let n = 0; n < 120; n++) await store.outbox.enqueue(aMessage({ challengeId: `later-${n}` }));
      const notice = aMessage({ createdAt: at(1) });
      await store.outbox.enqueue(notice);
      expect((await store.outbox.lease(5, 60, at(2))).map((one) => one.id)).toEqual([notice.id]);
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
