import { insertMessage } from '../../../libs/regstack/src/persistence/typeorm/inserts';
import type { TypeOrmStore } from '../../../libs/regstack/src/persistence/typeorm/typeorm.store';
import { changedUser, merged } from '../../../libs/regstack/src/ports/account-changes';
import type { UserRecord } from '../../../libs/regstack/src/ports/user.repository';
import { type Mutants, pause, replace } from './mutant';

const isAdmin = (user: UserRecord): boolean => user.isActive && user.isSuperuser;

/** The look that others get in after: nobody but this user is active and a superuser. */
async function isLastAdmin({ sql, tables }: TypeOrmStore, user: UserRecord): Promise<boolean> {
  const other = `SELECT id FROM ${tables.users} WHERE id <> ? AND is_active AND is_superuser LIMIT 1`;
  return isAdmin(user) && !(await sql.first(other, [user.id]));
}

/** Writes the user as a whole. */
async function write({ sql, tables }: TypeOrmStore, user: UserRecord): Promise<void> {
  await sql.rows(
    `UPDATE ${tables.users} SET full_name = ?, roles = ?, attributes = ?, is_active = ?, is_superuser = ?, auth_epoch = ? WHERE id = ?`,
    [
      ...[user.fullName, JSON.stringify(user.roles), JSON.stringify(user.attributes)],
      ...[user.isActive, user.isSuperuser, user.authEpoch, user.id],
    ],
  );
}

/** The guard by a look, then the user as read and changed: what others changed in between is lost. */
const changeByCopy = (store: TypeOrmStore): void =>
  replace(store.accounts, {
    async changeAccount(id, changes) {
      const before = await store.users.findById(id);
      if (!before) return null;
      const user = changedUser(before, changes);
      const isLast = !isAdmin(user) && (await isLastAdmin(store, before));
      await pause();
      if (isLast) return 'last_admin';
      await write(store, user);
      return { before, user };
    },
  });

/** Attributes merged into those that were read, and all the rest as it should be: only they are lost. */
const mergeByCopy = (store: TypeOrmStore): void => {
  const { accounts, sql, tables, users } = store;
  const changeAccount = accounts.changeAccount.bind(accounts);
  replace(accounts, {
    async changeAccount(id, { attributes, ...others }) {
      const found = (await users.findById(id))!;
      await pause();
      const changed = await changeAccount(id, others);
      if (!attributes || changed === null || changed === 'last_admin') return changed;
      const all = merged(found.attributes, attributes);
      await sql.rows(`UPDATE ${tables.users} SET attributes = ? WHERE id = ?`, [JSON.stringify(all), id]);
      return { before: changed.before, user: { ...changed.user, attributes: all } };
    },
  });
};

/** The user is found, and guarded by a look, then removed, whoever was faster. */
const removeByLook = (store: TypeOrmStore): void =>
  replace(store.accounts, {
    async remove(id, { notices }) {
      const { sql, tables, users } = store;
      const user = await users.findById(id);
      if (!user) return null;
      const isLast = await isLastAdmin(store, user);
      await pause();
      if (isLast) return 'last_admin';
      for (const table of [tables.sessions, tables.emailClaims])
        await sql.rows(`DELETE FROM ${table} WHERE user_id = ?`, [id]);
      await sql.rows(`DELETE FROM ${tables.users} WHERE id = ?`, [id]);
      await sql.transaction(notices.map((notice) => insertMessage(tables, notice)));
      return user;
    },
  });

/** The race cases of accounts with find-then-write in their place; the one about sessions is with those. */
export const sqlAccountsMutants: Mutants<TypeOrmStore> = {
  'accounts: of parallel changes of different fields and attributes all stand, and each answers what it did':
    mergeByCopy,
  'accounts: W12: of parallel disablings exactly one finds the user active, and the epoch rises once':
    changeByCopy,
  'accounts: P5: of two admins who demote or disable each other at once exactly one is refused, in each of 32 rounds':
    changeByCopy,
  'accounts: P5: of two admins who are removed at once exactly one is refused, in each of 32 rounds':
    removeByLook,
  'accounts: P5: of many admins who are demoted, disabled and removed at once exactly one is left': (
    store,
  ) => {
    changeByCopy(store);
    removeByLook(store);
  },
  'accounts: P6: of parallel removals exactly one gets the user, and one notice is queued': removeByLook,
};
