import { addSeconds } from '../../../libs/regstack/src/kernel/clock';
import type { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import {
  challengeDocument,
  leasedFrom,
  sessionDocument,
  userDocument,
  userFrom,
  userOf,
} from '../../../libs/regstack/src/persistence/mongoose/records';
import { mongoAccountsMutants } from './mongo.accounts.mutants';
import { collectionsOf, dropAddressIndexes } from './mongo.collections';
import { mongoUsersMutants } from './mongo.users.mutants';
import { mongoKeyUsesMutants } from './key-uses.mutants';
import { everyOther, type Mutants, pause, replace, untilLeased } from './mutant';
import { storeMutants } from './store.mutants';

const activate = (store: MongooseStore): void =>
  replace(store.pendingRegistrations, {
    async activate(id, now) {
      const { pending, users } = collectionsOf(store);
      await dropAddressIndexes(store);
      const attempt = (await pending.findOne({ _id: id }))!;
      const taken = await users.findOne({ email: attempt.email });
      await pause();
      if (taken) return null;
      const user = userDocument(userOf(attempt, now));
      const { _id, ...fields } = user;
      await users.replaceOne({ _id }, fields, { upsert: true });
      return userFrom(user);
    },
  });

const settle = (store: MongooseStore): void =>
  replace(store.pendingRegistrations, {
    async settle(user) {
      const { users } = collectionsOf(store);
      await dropAddressIndexes(store);
      const taken = await users.findOne({ $or: [{ _id: user.id }, { email: user.email }] });
      await pause();
      if (taken) return null;
      const document = userDocument(user);
      const { _id, ...fields } = document;
      await users.replaceOne({ _id }, fields, { upsert: true });
      return userFrom(document);
    },
  });

const reserve = (store: MongooseStore): void =>
  replace(store.budgets, {
    async reserve(key, limit, windowSeconds, now) {
      const { budgets } = collectionsOf(store);
      const found = await budgets.findOne({ _id: key });
      await pause();
      const open = found && found.ends_at > now ? found : null;
      if (open && open.used >= limit) return { granted: false, until: open.ends_at };
      const used = (open?.used ?? 0) + 1;
      const opened_at = open?.opened_at ?? now;
      const ends_at = addSeconds(opened_at, windowSeconds);
      const $set = { used, refusal: 0, opened_at, ends_at, expires_at: ends_at };
      await budgets.updateOne({ _id: key }, { $set }, { upsert: true });
      return { granted: true, openedAt: opened_at, remaining: limit - used };
    },
  });

/** Every race case with find-then-write in its place, on MongoDB. */
export const mongoMutants: Mutants<MongooseStore> = {
  ...mongoUsersMutants,
  ...mongoKeyUsesMutants,
  ...mongoAccountsMutants,
  ...storeMutants,
  'pendingRegistrations: P11: of parallel uses of one proof exactly one gets the user': settle,
  'pendingRegistrations: P11: of parallel activations and proofs of the mailbox on one address exactly one wins, with its own password':
    settle,
  'pendingRegistrations: P3: of parallel activations of one attempt exactly one gets the user': activate,
  'pendingRegistrations: P3: of parallel activations of many attempts on one address exactly one wins, with its own password':
    activate,
  'sessions: of parallel closings exactly one ends the session': (store) =>
    replace(store.sessions, {
      async close(_userId, id) {
        const { sessions } = collectionsOf(store);
        const found = await sessions.findOne({ _id: id });
        await pause();
        await sessions.deleteOne({ _id: id });
        return found !== null;
      },
    }),
  'sessions: W12: a change of credentials followed by closing leaves no session, also of openings under way':
    (store) =>
      replace(store.sessions, {
        async open(session) {
          const user = await store.users.findById(session.userId);
          await pause();
          if (user?.authEpoch !== session.authEpoch) return null;
          await collectionsOf(store).sessions.insertOne(sessionDocument(session));
          return user;
        },
      }),
  'sessions: of parallel notes exactly one is written, and none that comes later with what they went by': (
    store,
  ) =>
    replace(store.sessions, {
      async touch(id, _before, now) {
        await pause();
        await collectionsOf(store).sessions.updateOne({ _id: id }, { $set: { last_seen_at: now } });
      },
    }),
  'challenges: R30: of parallel issues for one subject exactly one challenge lives, and it can be used': (
    store,
  ) =>
    replace(store.challenges, {
      async issue(challenge) {
        const { challenges } = collectionsOf(store);
        const document = challengeDocument(challenge);
        await challenges.deleteMany({ subject_id: document.subject_id });
        await pause();
        // What would save it is that kind and subject are the `_id`.
        await challenges.insertOne({ ...document, _id: challenge.id });
      },
    }),
  'challenges: R28: of parallel uses exactly one consumes the challenge': (store) =>
    replace(store.challenges, {
      async consume(id, now) {
        const { challenges } = collectionsOf(store);
        const found = await challenges.findOne({ challenge_id: id });
        await pause();
        if (found?.used_at !== null) return false;
        await challenges.updateOne({ challenge_id: id }, { $set: { used_at: now } });
        return true;
      },
    }),
  'budgets: R15: of parallel reservations exactly the limit is granted, on a fresh key': reserve,
  'budgets: R15: of parallel reservations exactly the limit is granted, when an old window is just over':
    reserve,
  'budgets: parallel refunds give back exactly what they say': (store) =>
    replace(store.budgets, {
      async refund(key) {
        const { budgets } = collectionsOf(store);
        const found = await budgets.findOne({ _id: key });
        await pause();
        await budgets.updateOne({ _id: key }, { $set: { used: found!.used - 1 } });
      },
    }),
  'outbox: of parallel leases each message goes to exactly one worker': (store) =>
    replace(store.outbox, {
      async lease(_channel, limit, leaseSeconds, now) {
        const { outbox } = collectionsOf(store);
        const due = await outbox.find({ due_at: { $lte: now } }, { limit }).toArray();
        await pause();
        const $set = { due_at: addSeconds(now, leaseSeconds) };
        await outbox.updateMany({ _id: { $in: due.map(({ _id }) => _id) } }, { $set });
        return due.map((document) => leasedFrom(document, 'lease'));
      },
    }),
  'outbox: of parallel reports on one lease exactly one counts': (store) =>
    replace(store.outbox, {
      async settle(id, leaseId) {
        const { outbox } = collectionsOf(store);
        const found = await outbox.findOne({ _id: id });
        await pause();
        if (found?.lease_id !== leaseId) return false;
        await outbox.updateOne({ _id: id }, { $unset: { lease_id: '' } });
        return true;
      },
    }),
  'outbox: of parallel retries and leases a dead letter goes to exactly one worker': (store) => {
    const slow = everyOther();
    replace(store.outbox, {
      async retry(id, now) {
        const { outbox } = collectionsOf(store);
        const [found] = await store.outbox.list(null, { before: null, limit: 1 });
        await pause();
        if (slow()) await untilLeased(store.outbox);
        const update = { $set: { state: 'queued', due_at: now }, $unset: { lease_id: '' } } as const;
        if (found?.state === 'dead') await outbox.updateOne({ _id: id }, update);
        return found ?? null;
      },
    });
  },
};
