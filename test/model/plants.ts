import { randomBytes, randomUUID } from 'node:crypto';
import type { MemoryStore } from '@regstack/nestjs/testing';
import { FACTOR_PLANTS } from './factor-plants';
import { replace } from '../support/replace';

const day = 86_400_000;

/** Defects that each break one line of the protocols, put into the store below the services. */
export const PLANTS: Readonly<Record<string, (store: MemoryStore) => void>> = {
  ...FACTOR_PLANTS,

  'P9: the undo dies with the epoch': ({ users, tables }) =>
    replace(users, 'changeCredentials', (change) => async (id, ...rest) => {
      const changed = await change(id, ...rest);
      if (changed) tables.users.set(id, { ...tables.users.get(id)!, emailUndo: null });
      return changed;
    }),

  'P9: a second change takes the undo of the first away': ({ users }) =>
    replace(users, 'findCredentials', (find) => async (id) => {
      const user = await find(id);
      return user && { ...user, emailUndo: null };
    }),

  'P9: an undo leaves the password': ({ users, tables }) =>
    replace(users, 'undoEmailChange', (undo) => async (id, ...rest) => {
      const { passwordHash } = tables.users.get(id)!;
      const undone = await undo(id, ...rest);
      if (undone) tables.users.set(id, { ...tables.users.get(id)!, passwordHash });
      return undone;
    }),

  'P9: an undo that is over still holds the address': ({ tables }) =>
    replace(tables, 'holderOf', () => (email) => {
      const all = [...tables.users.values()];
      return all.find((user) => user.email === email || user.emailUndo?.email === email) ?? null;
    }),

  'P9: the address before is free at once': ({ tables }) =>
    replace(tables, 'holderOf', () => (email) => tables.userByEmail(email)),

  'R30: a newer link leaves the older alive': ({ challenges, tables }) =>
    replace(challenges, 'issue', (issue) => async (challenge, message) => {
      const older = [...tables.challenges.values()];
      await issue(challenge, message);
      for (const one of older) tables.challenges.set(one.id, one);
    }),

  'R24: the link to a taken address leaves the older alive': ({ challenges, tables }) =>
    replace(challenges, 'issue', (issue) => async (challenge, message) => {
      if (message?.kind === 'email-change-taken') tables.queue(message);
      else await issue(challenge, message);
    }),

  'P1: links survive a change of the password': ({ users, challenges, tables }) => {
    replace(challenges, 'dropAllFor', () => async () => {});
    replace(users, 'changeCredentials', (change) => async (id, ...rest) => {
      const changed = await change(id, ...rest);
      const authEpoch = changed?.authEpoch ?? null;
      for (const one of changed ? tables.challenges.values() : [])
        if (one.subjectId === id && one.kind === 'email-change')
          tables.challenges.set(one.id, { ...one, authEpoch });
      return changed;
    });
  },

  'P10: a reset proves no mailbox': ({ users }) =>
    replace(users, 'changeCredentials', (change) => (id, epoch, changes, ...more) => {
      const { isVerified: _, ...rest } = changes;
      return change(id, epoch, changes.passwordHash === undefined ? changes : rest, ...more);
    }),

  'P2: a link is minted before the budget says no': ({ budgets, tables }) =>
    replace(budgets, 'reserve', (reserve) => async (...args) => {
      const reservation = await reserve(...args);
      // The older one is replaced by one that nobody is mailed; with one person asking, it is the newest.
      const newest = [...tables.challenges.values()].findLast(({ kind }) => kind === 'password-reset');
      if (args[0].startsWith('mail-') && !reservation.granted && newest)
        tables.challenges.set(newest.id, { ...newest, tokenHash: randomBytes(32).toString('base64url') });
      return reservation;
    }),

  'section 2: a reset leaves the strangers’ guesses counted': ({ budgets }) =>
    replace(budgets, 'forget', () => async () => {}),

  'section 2: a wrong current password is no stranger’s guess': ({ budgets }) => {
    let mine = '';
    replace(budgets, 'reserve', (reserve) => (key, ...rest) => {
      const isCharge = key.startsWith('login:') && mine.startsWith('login-devices-day');
      mine = key;
      return reserve(isCharge ? randomUUID() : key, ...rest);
    });
  },

  'section 2: a known device clears the strangers’ guesses': ({ budgets, tables }) =>
    replace(budgets, 'release', (release) => async (key, now) => {
      await release(key, now);
      if (!key.startsWith('login-device:')) return;
      for (const one of tables.budgets.keys()) if (one.startsWith('login:')) tables.budgets.delete(one);
    }),

  'section 2: the mails of a day have no end': ({ budgets }) =>
    replace(budgets, 'reserve', (reserve) => (key, ...rest) => {
      return reserve(key.startsWith('mail-day') ? randomUUID() : key, ...rest);
    }),

  'P3: an attempt outlives the account of its address': ({ pendingRegistrations }) =>
    replace(pendingRegistrations, 'dropAllFor', () => async () => {}),

  'P11: of two attempts the first is mailed a link': ({ pendingRegistrations }) =>
    replace(pendingRegistrations, 'findLive', (find) => (email, _limit, now) => find(email, 1, now)),

  'R29: a link lives a day longer': ({ challenges }) =>
    replace(challenges, 'findLive', (find) => (kinds, hash, now) => {
      return find(kinds, hash, new Date(now.getTime() - day));
    }),

  'P6: attempts on the address outlive its account': ({ accounts, tables }) =>
    replace(accounts, 'remove', (remove) => async (...args) => {
      const attempts = [...tables.pending.values()];
      const removed = await remove(...args);
      for (const one of attempts) tables.pending.set(one.id, one);
      return removed;
    }),

  'P6: what is changed of attributes takes the place of all': ({ accounts, tables }) =>
    replace(accounts, 'changeAccount', (change) => async (id, changes, notices) => {
      const user = tables.users.get(id);
      if (user && changes.attributes) tables.users.set(id, { ...user, attributes: {} });
      return change(id, changes, notices);
    }),

  'R57: the other sessions stay': ({ sessions }) => replace(sessions, 'closeOthers', () => async () => {}),

  'W12: a session outlives its user’s change of address': ({ users, sessions, tables }) => {
    replace(sessions, 'closeAllFor', () => async () => {});
    replace(users, 'changeEmail', (change) => async (id, ...rest) => {
      const changed = await change(id, ...rest);
      const { authEpoch } = tables.users.get(id)!;
      if (changed) tables.users.set(id, { ...tables.users.get(id)!, authEpoch: authEpoch - 1 });
      return changed && { ...changed, authEpoch: authEpoch - 1 };
    });
  },
};
