import type { MemoryStore } from '../../../libs/regstack/src/persistence/memory/memory.store';
import { recordOf } from '../../../libs/regstack/src/persistence/memory/memory.tables';
import { changedUser } from '../../../libs/regstack/src/ports/account-changes';
import type { UserRecord } from '../../../libs/regstack/src/ports/user.repository';
import { type Mutants, pause, replace } from './mutant';

const isAdmin = (user: UserRecord): boolean => user.isActive && user.isSuperuser;

/** True when nobody but this user is active and a superuser: the look that others get in after. */
function isLastAdmin({ tables }: MemoryStore, user: UserRecord): boolean {
  return isAdmin(user) && ![...tables.users.values()].some((one) => one.id !== user.id && isAdmin(one));
}

/** Guard by a look, then the write to the user as it is by then: nothing is lost but the guard. */
const changeUnguarded = (store: MemoryStore): void =>
  replace(store.accounts, {
    async changeAccount(id, changes) {
      const isLast = isLastAdmin(store, store.tables.users.get(id)!);
      await pause();
      const before = store.tables.users.get(id);
      if (!before) return null;
      const user = changedUser(before, changes);
      if (isLast && !isAdmin(user)) return 'last_admin';
      store.tables.users.set(id, user);
      return { before: recordOf(before), user: recordOf(user) };
    },
  });

/** The user is read, changed and written back as a whole: what others changed in between is lost. */
const changeByCopy = ({ accounts, tables }: MemoryStore): void =>
  replace(accounts, {
    async changeAccount(id, changes) {
      const before = tables.users.get(id)!;
      await pause();
      const user = changedUser(before, changes);
      tables.users.set(id, user);
      return { before: recordOf(before), user: recordOf(user) };
    },
  });

/** Fields are written by themselves, and the attributes as they were read: only they are lost. */
const mergeByCopy = ({ accounts, tables }: MemoryStore): void =>
  replace(accounts, {
    async changeAccount(id, changes) {
      const { attributes } = tables.users.get(id)!;
      await pause();
      const before = tables.users.get(id)!;
      const user = changedUser({ ...before, attributes }, changes);
      tables.users.set(id, changes.attributes ? user : { ...user, attributes: before.attributes });
      return { before: recordOf(before), user: recordOf(user) };
    },
  });

/** Guard by a look, then the deletion. */
const removeUnguarded = (store: MemoryStore): void => {
  const { accounts, tables } = store;
  const remove = accounts.remove.bind(accounts);
  replace(accounts, {
    async remove(id, removal) {
      const user = tables.users.get(id);
      if (!user) return null;
      const isLast = isLastAdmin(store, user);
      await pause();
      if (isLast) return 'last_admin';
      // No guard of its own is in the way of somebody who is no superuser.
      const found = tables.users.get(id);
      if (found) tables.users.set(id, { ...found, isSuperuser: false });
      return remove(id, removal);
    },
  });
};

/** The user is found, then removed, whoever was faster: each removal has its user and its notices. */
const removeByLook = ({ accounts, tables }: MemoryStore): void =>
  replace(accounts, {
    async remove(id, { notices }) {
      const user = tables.users.get(id);
      if (!user) return null;
      await pause();
      tables.users.delete(id);
      for (const notice of notices) tables.queue(notice);
      return recordOf(user);
    },
  });

/** The user is found, then the session opened, without another look. */
const openByLook = ({ sessions, tables }: MemoryStore): void =>
  replace(sessions, {
    async open(session) {
      const user = tables.users.get(session.userId);
      if (!user) return null;
      await pause();
      const at = session.createdAt;
      tables.sessions.set(session.id, { ...session, authenticatedAt: at, lastSeenAt: at });
      return recordOf(user);
    },
  });

/** The race cases of accounts with find-then-write in their place. */
export const memoryAccountsMutants: Mutants<MemoryStore> = {
  'accounts: of parallel changes of different fields and attributes all stand, and each answers what it did':
    mergeByCopy,
  'accounts: W12: of parallel disablings exactly one finds the user active, and the epoch rises once':
    changeByCopy,
  'accounts: P5: of two admins who demote or disable each other at once exactly one is refused, in each of 32 rounds':
    changeUnguarded,
  'accounts: P5: of two admins who are removed at once exactly one is refused, in each of 32 rounds':
    removeUnguarded,
  'accounts: P5: of many admins who are demoted, disabled and removed at once exactly one is left': (
    store,
  ) => {
    changeUnguarded(store);
    removeUnguarded(store);
  },
  'accounts: P6: of parallel removals exactly one gets the user, and one notice is queued': removeByLook,
  'accounts: P6: a removal leaves no session, also of openings under way': openByLook,
};
