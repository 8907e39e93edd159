import type { MemoryStore } from '../../../libs/regstack/src/persistence/memory/memory.store';
import {
  recordOf,
  type StoredUser,
  USER_DEFAULTS,
} from '../../../libs/regstack/src/persistence/memory/memory.tables';
import { EmailTakenError } from '../../../libs/regstack/src/ports/user.repository';
import { type Mutants, pause, replace, undoByEpoch } from './mutant';

const create = ({ users, tables }: MemoryStore): void =>
  replace(users, {
    async create(user) {
      const taken = tables.holderOf(user.email, user.createdAt);
      await pause();
      if (taken) throw new EmailTakenError();
      const record: StoredUser = { ...USER_DEFAULTS, ...user };
      tables.users.set(user.id, record);
      return recordOf(record);
    },
  });

const changeEmail = ({ users, tables }: MemoryStore): void =>
  replace(users, {
    async changeEmail(id, expectedEpoch, { email, undo: emailUndo }, notices, now) {
      const [user, holder] = [tables.users.get(id)!, tables.holderOf(email, now)];
      await pause();
      if (user.authEpoch !== expectedEpoch || (holder && holder.id !== id)) return null;
      const changed = { ...user, email, emailUndo, authEpoch: expectedEpoch + 1 };
      tables.users.set(id, changed);
      for (const notice of notices) tables.queue(notice);
      return recordOf(changed);
    },
  });

const undo = ({ users, tables }: MemoryStore): void =>
  replace(users, {
    async undoEmailChange(id, { email, tokenHash }, notices) {
      const user = tables.users.get(id)!;
      await pause();
      if (user.emailUndo?.tokenHash !== tokenHash) return null;
      const changed = { ...user, email, emailUndo: null, passwordHash: null, authEpoch: user.authEpoch + 1 };
      tables.users.set(id, changed);
      for (const notice of notices) tables.queue(notice);
      return recordOf(changed);
    },
  });

/** The race cases of users with find-then-write in their place. */
export const memoryUsersMutants: Mutants<MemoryStore> = {
  'users: of parallel creations on one address exactly one wins': create,
  'users: P1: of parallel changes with one epoch exactly one wins, and what it set is what stands': ({
    users,
    tables,
  }) =>
    replace(users, {
      async changeCredentials(id, expectedEpoch, changes, notices) {
        const user = tables.users.get(id)!;
        await pause();
        if (user.authEpoch !== expectedEpoch) return null;
        const changed = { ...user, ...changes, authEpoch: expectedEpoch + 1 };
        tables.users.set(id, changed);
        for (const notice of notices) tables.queue(notice);
        return recordOf(changed);
      },
    }),
  'users: P8: a hash is replaced once, by whoever knows the old one, and the epoch stays': ({
    users,
    tables,
  }) =>
    replace(users, {
      async replaceHash(id, oldHash, newHash) {
        const user = tables.users.get(id)!;
        await pause();
        if (user.passwordHash !== oldHash) return false;
        tables.users.set(id, { ...user, passwordHash: newHash });
        return true;
      },
    }),
  'users: P9: of parallel changes of one user’s address exactly one wins; of the others none is held':
    changeEmail,
  'users: P9: of parallel changes by many users to one address, and creations there, exactly one wins': (
    store,
  ) => {
    create(store);
    changeEmail(store);
  },
  'users: P9: an address that is free again goes to exactly one of those who want it, its former holder among them':
    (store) => {
      create(store);
      changeEmail(store);
    },
  'users: P9: of parallel undos exactly one wins': undo,
  'users: P9: an undo wins against whatever a thief changes at the same time': undoByEpoch,
};
