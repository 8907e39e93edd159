import { setTimeout as delay } from 'node:timers/promises';
import { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import { SENT_KEPT_SECONDS, SWEEP_AFTER_SECONDS } from '../../../libs/regstack/src/ports/sweeper';
import {
  aChallenge,
  aDecoy,
  aMessage,
  anAttempt,
  aSession,
  at,
  aUser,
  T0,
} from '../../../libs/regstack/src/testing/contracts/samples';
import { DATABASES } from '../../support/databases';
import { describeOnMongo, OPTIONS } from './topologies';

/** A TTL monitor looks once a minute. */
const PATIENCE_MS = 150_000;

describeOnMongo('what the server removes by itself', () => {
  let url: string;
  let store: MongooseStore;
  beforeEach(async () => {
    url = await DATABASES.mongo.fresh();
    store = await MongooseStore.open(url, OPTIONS);
  });
  afterEach(async () => {
    await store.close();
    await DATABASES.mongo.drop(url);
  });
  /** When the documents of a collection are to go. */
  const ends = async (name: string): Promise<unknown[]> => {
    const found = await store.connection.collection(`regstack_${name}`).find().toArray();
    return found.map((document) => document['expires_at'] as unknown);
  };

  it('every document says when it may go, and what must stay says nothing', async () => {
    const { users, sessions, challenges, pendingRegistrations, budgets, outbox, trustedDevices } = store;
    const { id } = await users.create(aUser());
    const expiresAt = at(60);
    await sessions.open(aSession(id, { expiresAt }));
    await challenges.issue(aChallenge('subject', { expiresAt }), aDecoy());
    const attempt = anAttempt({ expiresAt });
    await pendingRegistrations.add(attempt, aChallenge(attempt.id, { expiresAt }), aMessage());
    const trust = { id: 'trust', userId: id, authEpoch: 0, deviceId: 'device', ip: null, userAgent: null };
    await trustedDevices.trust({ ...trust, createdAt: T0, expiresAt });
    expect([await ends('sessions'), await ends('trusted_devices')]).toEqual([[expiresAt], [expiresAt]]);
    expect(await ends('challenges')).toEqual([expiresAt, expiresAt]);
    expect(await ends('pending_registrations')).toEqual([expiresAt]);
    expect([await ends('outbox'), await ends('users')]).toEqual([[undefined, undefined], [undefined]]);
    const [leased] = await outbox.lease('mail', 1, 5, at(1));
    await outbox.settle(leased!.id, leased!.leaseId, at(2));
    expect(await ends('outbox')).toEqual([undefined, at(2 + SENT_KEPT_SECONDS)]);
    await budgets.reserve('key', 5, 60, T0);
    expect(await ends('budgets')).toEqual([at(60 + SWEEP_AFTER_SECONDS)]);
    await budgets.release('key', at(1));
    expect(await ends('budgets')).toEqual([at(1 + SWEEP_AFTER_SECONDS)]);
    await budgets.reserve('key', 5, 60, at(2));
    expect(await ends('budgets')).toEqual([at(62 + SWEEP_AFTER_SECONDS)]);
  });

  it(
    'what has expired is really gone after a while, what lives stays',
    async () => {
      const { id } = await store.users.create(aUser());
      await store.sessions.open(aSession(id));
      await store.sessions.open(aSession(id, { expiresAt: new Date(Date.now() - 1000) }));
      await store.challenges.issue(
        aChallenge('subject', { expiresAt: new Date(Date.now() - 1000) }),
        aDecoy(),
      );
      const deadline = Date.now() + PATIENCE_MS;
      while ((await ends('sessions')).length + (await ends('challenges')).length > 1) {
        if (Date.now() > deadline) throw new Error('the server removed nothing');
        await delay(500);
      }
      expect(await ends('sessions')).toEqual([at(3600)]);
    },
    PATIENCE_MS + 10_000,
  );
});
