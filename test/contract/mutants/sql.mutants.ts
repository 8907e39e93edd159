import { addSeconds } from '../../../libs/regstack/src/kernel/clock';
import { insert, insertChallenge } from '../../../libs/regstack/src/persistence/typeorm/inserts';
import { date } from '../../../libs/regstack/src/persistence/typeorm/rows';
import type { Row, Statement } from '../../../libs/regstack/src/persistence/typeorm/sql';
import type { TypeOrmStore } from '../../../libs/regstack/src/persistence/typeorm/typeorm.store';
import { everyOther, type Mutants, pause, replace, untilLeased } from './mutant';
import { sqlAccountsMutants } from './sql.accounts.mutants';
import { storeMutants } from './store.mutants';
import { sqlUsersMutants } from './sql.users.mutants';
import { sqlKeyUsesMutants } from './key-uses.mutants';

const run = ({ sql }: TypeOrmStore, { text, params }: Statement): Promise<readonly Row[]> =>
  sql.rows(text, params);

const column = (row: Row | null, name: string): number => Number(row?.[name]);

const activate = (store: TypeOrmStore): void =>
  replace(store.pendingRegistrations, {
    async activate(id, now) {
      const { sql, tables } = store;
      const attempt = (await sql.first(`SELECT * FROM ${tables.pending} WHERE id = ?`, [id]))!;
      const taken = await sql.first(`SELECT id FROM ${tables.users} WHERE email = ?`, [attempt['email']]);
      await pause();
      if (taken) return null;
      const copy = `INSERT INTO ${tables.users} (id, email, password_hash, is_active, is_verified, is_superuser, is_mfa_enabled,
        attributes, auth_epoch, created_at) VALUES (?, ?, ?, true, true, false, false, '{}', 0, ?)
        ON CONFLICT DO NOTHING`;
      await sql.rows(copy, [attempt['user_id'], attempt['email'], attempt['password_hash'], now]);
      return { id: String(attempt['user_id']) } as never;
    },
  });

const settle = (store: TypeOrmStore): void =>
  replace(store.pendingRegistrations, {
    async settle(user) {
      const { sql, tables, users } = store;
      const taken = (await users.findById(user.id)) ?? (await users.findForLogin(user.email));
      await pause();
      if (taken) return null;
      const write = `INSERT INTO ${tables.users} (id, email, password_hash, is_active, is_verified, is_superuser, is_mfa_enabled,
        attributes, auth_epoch, created_at) VALUES (?, ?, ?, true, true, false, false, '{}', 0, ?)
        ON CONFLICT DO NOTHING`;
      await sql.rows(write, [user.id, user.email, user.passwordHash, user.createdAt]);
      return { id: user.id } as never;
    },
  });

const reserve = (store: TypeOrmStore): void =>
  replace(store.budgets, {
    async reserve(key, limit, windowSeconds, now) {
      const { sql, tables } = store;
      const found = await sql.first(`SELECT * FROM ${tables.budgets} WHERE id = ?`, [key]);
      await pause();
      const open = found && date(found['ends_at']) > now ? found : null;
      if (open && column(open, 'used') >= limit) {
        return { granted: false, until: date(open['ends_at']) };
      }
      const used = open ? column(open, 'used') + 1 : 1;
      const openedAt = open ? date(open['opened_at']) : now;
      const write = `INSERT INTO ${tables.budgets} (id, used, refusal, opened_at, ends_at) VALUES (?, ?, 0, ?, ?)
        ON CONFLICT (id) DO UPDATE SET used = excluded.used, opened_at = excluded.opened_at, ends_at = excluded.ends_at`;
      await sql.rows(write, [key, used, openedAt, addSeconds(openedAt, windowSeconds)]);
      return { granted: true, openedAt, remaining: limit - used };
    },
  });

const open = (store: TypeOrmStore): void =>
  replace(store.sessions, {
    async open({ id, userId, authEpoch, createdAt, expiresAt }) {
      const user = await store.users.findById(userId);
      await pause();
      if (user?.authEpoch !== authEpoch) return null;
      const times = { created_at: createdAt, expires_at: expiresAt };
      const row = { id, user_id: userId, auth_epoch: authEpoch, ...times };
      await run(store, insert(store.tables.sessions, row));
      return user;
    },
  });

/** Every race case with find-then-write in its place, in SQL. */
export const sqlMutants: Mutants<TypeOrmStore> = {
  ...sqlUsersMutants,
  ...sqlKeyUsesMutants,
  ...sqlAccountsMutants,
  ...storeMutants,
  'pendingRegistrations: P11: of parallel uses of one proof exactly one gets the user': settle,
  'pendingRegistrations: P11: of parallel activations and proofs of the mailbox on one address exactly one wins, with its own password':
    (store) => {
      settle(store);
      activate(store);
    },
  'pendingRegistrations: P3: of parallel activations of one attempt exactly one gets the user': activate,
  'pendingRegistrations: P3: of parallel activations of many attempts on one address exactly one wins, with its own password':
    activate,
  'sessions: of parallel closings exactly one ends the session': (store) =>
    replace(store.sessions, {
      async close(userId, id) {
        const { sql, tables } = store;
        const found = await sql.first(`SELECT id FROM ${tables.sessions} WHERE id = ? AND user_id = ?`, [
          id,
          userId,
        ]);
        await pause();
        await sql.rows(`DELETE FROM ${tables.sessions} WHERE id = ?`, [id]);
        return found !== null;
      },
    }),
  'sessions: W12: a change of credentials followed by closing leaves no session, also of openings under way':
    open,
  'accounts: P6: a removal leaves no session, also of openings under way': open,
  'sessions: of parallel notes exactly one is written, and none that comes later with what they went by': (
    store,
  ) =>
    replace(store.sessions, {
      async touch(id, _before, now) {
        const { sql, tables } = store;
        await sql.first(`SELECT last_seen_at FROM ${tables.sessions} WHERE id = ?`, [id]);
        await pause();
        await sql.rows(`UPDATE ${tables.sessions} SET last_seen_at = ? WHERE id = ?`, [now, id]);
      },
    }),
  'challenges: R30: of parallel issues for one subject exactly one challenge lives, and it can be used': (
    store,
  ) =>
    replace(store.challenges, {
      async issue(challenge) {
        const { sql, tables } = store;
        await sql.rows(`DROP INDEX IF EXISTS "${tables.prefix}challenges_kind_subject_id"`);
        const { kind, subjectId } = challenge;
        await sql.rows(`DELETE FROM ${tables.challenges} WHERE kind = ? AND subject_id = ?`, [
          kind,
          subjectId,
        ]);
        await pause();
        await run(store, insertChallenge(tables, challenge));
      },
    }),
  'challenges: R28: of parallel uses exactly one consumes the challenge': (store) =>
    replace(store.challenges, {
      async consume(id, now) {
        const { sql, tables } = store;
        const found = await sql.first(`SELECT used_at FROM ${tables.challenges} WHERE id = ?`, [id]);
        await pause();
        if (found?.['used_at'] !== null) return false;
        await sql.rows(`UPDATE ${tables.challenges} SET used_at = ? WHERE id = ?`, [now, id]);
        return true;
      },
    }),
  'budgets: R15: of parallel reservations exactly the limit is granted, on a fresh key': reserve,
  'budgets: R15: of parallel reservations exactly the limit is granted, when an old window is just over':
    reserve,
  'budgets: parallel refunds give back exactly what they say': (store) =>
    replace(store.budgets, {
      async refund(key) {
        const { sql, tables } = store;
        const found = await sql.first(`SELECT used FROM ${tables.budgets} WHERE id = ?`, [key]);
        await pause();
        await sql.rows(`UPDATE ${tables.budgets} SET used = ? WHERE id = ?`, [
          column(found, 'used') - 1,
          key,
        ]);
      },
    }),
  'outbox: of parallel leases each message goes to exactly one worker': (store) =>
    replace(store.outbox, {
      async lease(_channel, limit, leaseSeconds, now) {
        const { sql, tables } = store;
        const due = await sql.rows(`SELECT * FROM ${tables.outbox} WHERE due_at <= ? LIMIT ?`, [now, limit]);
        await pause();
        for (const { id } of due) {
          await sql.rows(`UPDATE ${tables.outbox} SET due_at = ? WHERE id = ?`, [
            addSeconds(now, leaseSeconds),
            id,
          ]);
        }
        return due.map((row) => ({ ...row, id: String(row['id']), leaseId: 'lease', attempts: 1 }) as never);
      },
    }),
  'outbox: of parallel reports on one lease exactly one counts': (store) =>
    replace(store.outbox, {
      async settle(id, leaseId) {
        const { sql, tables } = store;
        const found = await sql.first(`SELECT lease_id FROM ${tables.outbox} WHERE id = ?`, [id]);
        await pause();
        if (found?.['lease_id'] !== leaseId) return false;
        await sql.rows(`UPDATE ${tables.outbox} SET lease_id = NULL WHERE id = ?`, [id]);
        return true;
      },
    }),
  'outbox: of parallel retries and leases a dead letter goes to exactly one worker': (store) => {
    const slow = everyOther();
    replace(store.outbox, {
      async retry(id, now) {
        const { sql, tables } = store;
        const [found] = await store.outbox.list(null, { before: null, limit: 1 });
        await pause();
        if (slow()) await untilLeased(store.outbox);
        if (found?.state === 'dead')
          await sql.rows(
            `UPDATE ${tables.outbox} SET state = 'queued', due_at = ?, lease_id = NULL WHERE id = ?`,
            [now, id],
          );
        return found ?? null;
      },
    });
  },
};
