import type { mongo } from 'mongoose';
import { createConnection, type Connection } from 'mongoose';
import { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import {
  intentDocument,
  pendingDocument,
  queuedDocument,
} from '../../../libs/regstack/src/persistence/mongoose/records';
import {
  ALICE,
  aChallenge,
  aMessage,
  anAttempt,
  at,
  aUser,
} from '../../../libs/regstack/src/testing/contracts/samples';
import { DATABASES } from '../../support/databases';
import { describeOnMongo, OPTIONS } from './topologies';

describeOnMongo('what one call on MongoDB costs at most', () => {
  let url: string;
  let host: Connection;
  let store: MongooseStore;
  let commands: mongo.CommandStartedEvent[];
  beforeEach(async () => {
    url = await DATABASES.mongo.fresh();
    host = createConnection(url, { monitorCommands: true });
    store = await MongooseStore.openBeside(host, OPTIONS);
    commands = [];
    host.getClient().on('commandStarted', (event) => commands.push(event));
  });
  afterEach(async () => {
    await host.destroy();
    await DATABASES.mongo.drop(url);
  });
  const count = (name: string): number => commands.filter((one) => one.commandName === name).length;
  const enqueue = async (dead: number): Promise<void> => {
    const documents = Array.from({ length: dead }, (_, n) =>
      queuedDocument(intentDocument(aMessage({ challengeId: `never-${n}` }))),
    );
    await store.mongo.patient().outbox.insertMany(documents);
  };

  it('a lease looks at ten windows of dead messages, each behind the last, and goes on at the next call', async () => {
    await enqueue(1500);
    const notice = aMessage({ createdAt: at(1) });
    await store.outbox.enqueue(notice);
    commands.length = 0;
    expect(await store.outbox.lease('mail', 8, 60, at(9999))).toEqual([]);
    expect([count('aggregate'), count('delete')]).toEqual([10, 10]);
    const second = commands.filter((one) => one.commandName === 'aggregate')[1]!;
    expect(second.command['pipeline'][0].$match.due_at).toMatchObject({ $gte: expect.any(Date) });
    expect((await store.outbox.lease('mail', 8, 60, at(9999))).map(({ id }) => id)).toEqual([notice.id]);
  });

  it('a lease that has won something looks no further', async () => {
    const first = aMessage({ createdAt: at(-1) });
    await store.outbox.enqueue(first);
    await enqueue(300);
    commands.length = 0;
    expect((await store.outbox.lease('mail', 8, 60, at(9999))).map(({ id }) => id)).toEqual([first.id]);
    expect(count('aggregate')).toBe(1);
  });

  it('a relay carries twenty notices, and all of them in the end', async () => {
    const { id } = await store.users.create(aUser());
    const notices = Array.from({ length: 50 }, () => aMessage());
    const $push = { intents: { $each: notices.map(intentDocument) } };
    await store.mongo.patient().users.updateOne({ _id: id }, { $push });
    commands.length = 0;
    const leased = [...(await store.outbox.lease('mail', 50, 60, at(1)))];
    expect([leased.length, count('insert')]).toEqual([20, 20]);
    for (let call = 0; call < 2; call++) leased.push(...(await store.outbox.lease('mail', 50, 60, at(1))));
    expect(leased.map((one) => one.id).toSorted()).toEqual(notices.map((one) => one.id).toSorted());
  });

  it('an activation drops thousands of attempts in slices', async () => {
    const attempts = Array.from({ length: 450 }, () => anAttempt());
    for (const attempt of attempts.slice(0, 2))
      await store.pendingRegistrations.add(attempt, aChallenge(attempt.id), aMessage());
    const { pending } = store.mongo.patient();
    await pending.insertMany(attempts.slice(2).map(pendingDocument));
    commands.length = 0;
    expect(await store.pendingRegistrations.activate(attempts[0]!.id, at(1))).toMatchObject({ email: ALICE });
    expect([await pending.countDocuments(), count('delete')]).toEqual([0, 7]);
  });

  it.each(['pending', 'challenges'] as const)(
    'an activation that is stored is one, though its clearing up fails at %s',
    async (name) => {
      const attempt = anAttempt();
      await store.pendingRegistrations.add(attempt, aChallenge(attempt.id), aMessage());
      const run = store.mongo.run.bind(store.mongo);
      jest.spyOn(store.mongo, 'run').mockImplementation((operation) =>
        run((collections) => {
          const broken = Object.create(collections[name], {
            deleteMany: { value: () => Promise.reject(new Error('gone')) },
          }) as never;
          return operation({ ...collections, [name]: broken });
        }),
      );
      expect(await store.pendingRegistrations.activate(attempt.id, at(1))).toMatchObject({
        id: attempt.userId,
      });
    },
  );
});
