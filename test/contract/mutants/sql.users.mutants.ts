import { insertMessage } from '../../../libs/regstack/src/persistence/typeorm/inserts';
import type { TypeOrmStore } from '../../../libs/regstack/src/persistence/typeorm/typeorm.store';
import { EmailTakenError } from '../../../libs/regstack/src/ports/user.repository';
import type { OutboxMessage } from '../../../libs/regstack/src/ports/outbox.repository';
import { type Mutants, pause, replace, undoByEpoch } from './mutant';

/** Without the index that would save the mutant. */
const dropIndex = ({ sql, tables }: TypeOrmStore) =>
  sql.rows(`DROP INDEX IF EXISTS "${tables.prefix}users_email"`);

async function queue({ sql, tables }: TypeOrmStore, notices: readonly OutboxMessage[]): Promise<void> {
  for (const notice of notices) {
    const { text, params } = insertMessage(tables, notice);
    await sql.rows(text, params);
  }
}

const create = (store: TypeOrmStore): void =>
  replace(store.users, {
    async create(user) {
      const { sql, tables, users } = store;
      await dropIndex(store);
      const taken = await users.isTaken(user.email, user.createdAt);
      await pause();
      if (taken) throw new EmailTakenError();
      const write = `INSERT INTO ${tables.users} (id, email, is_active, is_verified, is_superuser, is_mfa_enabled, attributes,
        auth_epoch, created_at) VALUES (?, ?, true, true, false, false, '{}', 0, ?)`;
      await sql.rows(write, [user.id, user.email, user.createdAt]);
      return (await users.findById(user.id))!;
    },
  });

const changeEmail = (store: TypeOrmStore): void =>
  replace(store.users, {
    async changeEmail(id, expectedEpoch, { email, undo }, notices, now) {
      const { sql, tables, users } = store;
      await dropIndex(store);
      const user = await users.findById(id);
      const holder = await sql.first(
        `SELECT user_id FROM ${tables.emailClaims} WHERE email = ? AND (expires_at IS NULL OR expires_at > ?)`,
        [email, now],
      );
      await pause();
      if (user?.authEpoch !== expectedEpoch || (holder && holder['user_id'] !== id)) return null;
      await sql.rows(
        `UPDATE ${tables.users} SET email = ?, undo_email = ?, undo_token_hash = ?, undo_expires_at = ?, auth_epoch = ? WHERE id = ?`,
        [email, undo.email, undo.tokenHash, undo.expiresAt, expectedEpoch + 1, id],
      );
      const claim = `INSERT INTO ${tables.emailClaims} (email, user_id, expires_at) VALUES (?, ?, ?)
        ON CONFLICT (email) DO UPDATE SET user_id = excluded.user_id, expires_at = excluded.expires_at`;
      await sql.rows(claim, [undo.email, id, undo.expiresAt]);
      await sql.rows(claim, [email, id, null]);
      await queue(store, notices);
      return users.findById(id);
    },
  });

const undo = (store: TypeOrmStore): void =>
  replace(store.users, {
    async undoEmailChange(id, { email, tokenHash }, notices) {
      const { sql, tables, users } = store;
      const user = await users.findCredentials(id);
      await pause();
      if (user?.emailUndo?.tokenHash !== tokenHash) return null;
      await sql.rows(
        `UPDATE ${tables.users} SET email = ?, password_hash = NULL, undo_email = NULL, undo_token_hash = NULL,
          undo_expires_at = NULL, auth_epoch = ? WHERE id = ?`,
        [email, user.authEpoch + 1, id],
      );
      await queue(store, notices);
      return users.findById(id);
    },
  });

/** The race cases of users with find-then-write in their place. */
export const sqlUsersMutants: Mutants<TypeOrmStore> = {
  'users: of parallel creations on one address exactly one wins': create,
  'users: P1: of parallel changes with one epoch exactly one wins, and what it set is what stands': (store) =>
    replace(store.users, {
      async changeCredentials(id, expectedEpoch, { passwordHash }, notices) {
        const { sql, tables, users } = store;
        const user = await users.findById(id);
        await pause();
        if (user?.authEpoch !== expectedEpoch) return null;
        await sql.rows(`UPDATE ${tables.users} SET password_hash = ?, auth_epoch = ? WHERE id = ?`, [
          passwordHash,
          expectedEpoch + 1,
          id,
        ]);
        await queue(store, notices);
        return users.findById(id);
      },
    }),
  'users: P8: a hash is replaced once, by whoever knows the old one, and the epoch stays': (store) =>
    replace(store.users, {
      async replaceHash(id, oldHash, newHash) {
        const { sql, tables } = store;
        const found = await sql.first(`SELECT password_hash FROM ${tables.users} WHERE id = ?`, [id]);
        await pause();
        if (found?.['password_hash'] !== oldHash) return false;
        await sql.rows(`UPDATE ${tables.users} SET password_hash = ? WHERE id = ?`, [newHash, id]);
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
