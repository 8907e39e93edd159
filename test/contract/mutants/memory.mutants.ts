import { addSeconds } from '../../../libs/regstack/src/kernel/clock';
import type { MemoryStore } from '../../../libs/regstack/src/persistence/memory/memory.store';
import {
  recordOf,
  type StoredUser,
  USER_DEFAULTS,
} from '../../../libs/regstack/src/persistence/memory/memory.tables';
import { memoryAccountsMutants } from './memory.accounts.mutants';
import { memoryFactorsMutants } from './memory.factors.mutants';
import { memoryUsersMutants } from './memory.users.mutants';
import { memoryKeyUsesMutants } from './key-uses.mutants';
import { everyOther, type Mutants, pause, replace, untilLeased } from './mutant';
import { storeMutants } from './store.mutants';

const activate = ({ pendingRegistrations, tables }: MemoryStore): void =>
  replace(pendingRegistrations, {
    async activate(id, now) {
      const attempt = tables.pending.get(id)!;
      const { userId, email, passwordHash, fullName, attributes } = attempt;
      const taken = tables.userByEmail(email);
      await pause();
      if (taken) return null;
      const typed = { id: userId, email, passwordHash, fullName, attributes };
      const is = { isVerified: true, isSuperuser: false };
      const user: StoredUser = { ...USER_DEFAULTS, ...typed, ...is, createdAt: now };
      tables.users.set(userId, user);
      return recordOf(user);
    },
  });

const settle = ({ pendingRegistrations, tables }: MemoryStore): void =>
  replace(pendingRegistrations, {
    async settle(user) {
      const taken = tables.users.has(user.id) || tables.holderOf(user.email, user.createdAt);
      await pause();
      if (taken) return null;
      const record: StoredUser = { ...USER_DEFAULTS, ...user };
      tables.users.set(user.id, record);
      return recordOf(record);
    },
  });

const reserve = ({ budgets, tables }: MemoryStore): void =>
  replace(budgets, {
    async reserve(key, limit, windowSeconds, now) {
      const found = tables.budgets.get(key);
      await pause();
      const window = found && found.endsAt > now ? found : null;
      if (window && window.used >= limit) return { granted: false, until: window.endsAt };
      const openedAt = window?.openedAt ?? now;
      const used = (window?.used ?? 0) + 1;
      tables.budgets.set(key, {
        used,
        refused: false,
        openedAt,
        endsAt: addSeconds(openedAt, windowSeconds),
      });
      return { granted: true, openedAt, remaining: limit - used };
    },
  });

/** Every race case with find-then-write in its place, on the memory store. */
export const memoryMutants: Mutants<MemoryStore> = {
  ...memoryUsersMutants,
  ...memoryKeyUsesMutants,
  ...memoryAccountsMutants,
  ...memoryFactorsMutants,
  ...storeMutants,
  'pendingRegistrations: P11: of parallel uses of one proof exactly one gets the user': settle,
  'pendingRegistrations: P11: of parallel activations and proofs of the mailbox on one address exactly one wins, with its own password':
    settle,
  'pendingRegistrations: P3: of parallel activations of one attempt exactly one gets the user': activate,
  'pendingRegistrations: P3: of parallel activations of many attempts on one address exactly one wins, with its own password':
    activate,
  'sessions: of parallel closings exactly one ends the session': ({ sessions, tables }) =>
    replace(sessions, {
      async close(_userId, id) {
        const found = tables.sessions.has(id);
        await pause();
        tables.sessions.delete(id);
        return found;
      },
    }),
  'sessions: W12: a change of credentials followed by closing leaves no session, also of openings under way':
    ({ sessions, tables }) =>
      replace(sessions, {
        async open(session) {
          const user = tables.users.get(session.userId)!;
          await pause();
          if (user.authEpoch !== session.authEpoch) return null;
          const at = session.createdAt;
          tables.sessions.set(session.id, { ...session, authenticatedAt: at, lastSeenAt: at });
          return recordOf(user);
        },
      }),
  'sessions: of parallel notes exactly one is written, and none that comes later with what they went by': ({
    sessions,
    tables,
  }) =>
    replace(sessions, {
      async touch(id, _before, now) {
        const session = tables.sessions.get(id)!;
        await pause();
        tables.sessions.set(id, { ...session, lastSeenAt: now });
      },
    }),
  'challenges: R30: of parallel issues for one subject exactly one challenge lives, and it can be used': ({
    challenges,
    tables,
  }) =>
    replace(challenges, {
      async issue(challenge) {
        const found = [...tables.challenges.values()].filter(
          ({ subjectId }) => subjectId === challenge.subjectId,
        );
        await pause();
        for (const { id } of found) tables.challenges.delete(id);
        tables.challenges.set(challenge.id, { ...challenge, usedAt: null, guesses: 0 });
      },
    }),
  'challenges: R28: of parallel uses exactly one consumes the challenge': ({ challenges, tables }) =>
    replace(challenges, {
      async consume(id, now) {
        const challenge = tables.challenges.get(id)!;
        await pause();
        if (challenge.usedAt !== null) return false;
        tables.challenges.set(id, { ...challenge, usedAt: now });
        return true;
      },
    }),
  'budgets: R15: of parallel reservations exactly the limit is granted, on a fresh key': reserve,
  'budgets: R15: of parallel reservations exactly the limit is granted, when an old window is just over':
    reserve,
  'budgets: parallel refunds give back exactly what they say': ({ budgets, tables }) =>
    replace(budgets, {
      async refund(key) {
        const window = tables.budgets.get(key)!;
        await pause();
        tables.budgets.set(key, { ...window, used: window.used - 1 });
      },
    }),
  'outbox: of parallel leases each message goes to exactly one worker': ({ outbox, tables }) =>
    replace(outbox, {
      async lease(_channel, limit, leaseSeconds, now) {
        const due = [...tables.outbox.values()].filter(({ dueAt }) => dueAt <= now).slice(0, limit);
        await pause();
        return due.map((message) => {
          const leased = { ...message, leaseId: 'lease', attempts: 1, dueAt: addSeconds(now, leaseSeconds) };
          tables.outbox.set(message.id, leased);
          return leased;
        });
      },
    }),
  'outbox: of parallel reports on one lease exactly one counts': ({ outbox, tables }) =>
    replace(outbox, {
      async settle(id, leaseId) {
        const message = tables.outbox.get(id)!;
        await pause();
        if (message.leaseId !== leaseId) return false;
        tables.outbox.set(id, { ...message, state: 'sent', leaseId: null });
        return true;
      },
    }),
  'outbox: of parallel retries and leases a dead letter goes to exactly one worker': ({ outbox, tables }) => {
    const slow = everyOther();
    replace(outbox, {
      async retry(id, now) {
        const message = tables.outbox.get(id)!;
        const [found] = await outbox.list(null, { before: null, limit: 1 });
        await pause();
        if (slow()) await untilLeased(outbox);
        if (message.state === 'dead')
          tables.outbox.set(id, { ...message, state: 'queued', dueAt: now, leaseId: null });
        return found ?? null;
      },
    });
  },
};
