import type { MemoryStore } from '@regstack/nestjs/testing';
import { FACTOR_PLANTS } from './factor.plants';
import type { Answer } from './performance';
import { both, type Plant } from './plant';

type Add = MemoryStore['pendingRegistrations']['add'];

/** Differences that a database makes by itself where an adapter does not look; each must be found. */
export const PLANTS: Readonly<Record<string, Plant>> = {
  ...FACTOR_PLANTS,

  'a collation that does not see accents': {
    plant: ({ users, tables }) => {
      const find = (email: string) =>
        [...tables.users.values()].find((user) => bare(user.email) === bare(email));
      const isHeld = users.isTaken.bind(users);
      Object.assign(users, {
        findForLogin: async (email: string) => find(email) ?? null,
        isTaken: async (...of: Parameters<typeof isHeld>) => find(of[0]) !== undefined || isHeld(...of),
      });
    },
    // The mail or the user of an address that looks like it: in the place of none, or of its own.
    shows: (expected, found) =>
      both(expected, found, /Confirm your|(user|found)\W+null/, /already have|(user|found)\W+id/) ||
      addressesIn(found).some((one) => !addressesIn(expected).includes(one)),
  },

  'a column without milliseconds': {
    plant: ({ sessions }) => {
      const open = sessions.open.bind(sessions);
      sessions.open = (session) => open({ ...session, createdAt: wholeSeconds(session.createdAt) });
    },
    shows: (expected, found) => both(expected, found, /:\d\d\.(?!000)\d{3}Z/, /:\d\d\.000Z/),
  },

  'a link that still works in the moment of its end': {
    plant: (store) => {
      const moved = (end: Date, ms: number): Date => new Date(end.getTime() + ms);
      onAdd(store, (add) => (attempt, link, mail) => {
        const expiresAt = moved(attempt.expiresAt, 1);
        return add({ ...attempt, expiresAt }, { ...link, expiresAt }, mail);
      });
      // A list tells the end as it was meant.
      const { pendingRegistrations } = store;
      const list = pendingRegistrations.list.bind(pendingRegistrations);
      pendingRegistrations.list = async (page, now) =>
        (await list(page, now)).map((one) => ({ ...one, expiresAt: moved(one.expiresAt, -1) }));
    },
    shows: (expected, found) => expected.status === 400 && found.status < 400,
  },

  'one attempt too many': {
    plant: ({ budgets }) => {
      const reserve = budgets.reserve.bind(budgets);
      budgets.reserve = (key, limit, seconds, now) => reserve(key, limit + 1, seconds, now);
    },
    // The attempt that was not the last, or the one after it.
    shows: (expected, found) =>
      (expected.status === 429 && found.status !== 429) ||
      (/locked_out/.test(expected.events.join('')) && !/locked_out/.test(found.events.join(''))),
  },

  'a window that begins anew with every attempt': {
    plant: ({ budgets, tables }) => {
      const reserve = budgets.reserve.bind(budgets);
      budgets.reserve = async (key, limit, seconds, now) => {
        const reservation = await reserve(key, limit, seconds, now);
        const window = tables.budgets.get(key)!;
        tables.budgets.set(key, { ...window, endsAt: new Date(now.getTime() + seconds * 1000) });
        return reservation;
      };
    },
    shows: (_expected, found) => found.status === 429,
  },

  'names that are stored composed': {
    plant: (store) =>
      onAdd(store, (add) => (attempt, link, mail) => {
        const fullName = attempt.fullName?.normalize('NFC') ?? null;
        return add({ ...attempt, fullName }, link, mail);
      }),
    shows: (expected, found) => expected.events.join('').normalize('NFC') === found.events.join(''),
  },

  'a mail that is lost': {
    plant: (store) =>
      onAdd(store, (add) => async (attempt, link, mail) => {
        await add(attempt, link, mail);
        if (mail.kind === 'registration-taken') store.tables.outbox.delete(mail.id);
      }),
    shows: (expected, found) => expected.mails.length === 1 && found.mails.length === 0,
  },

  'a page that begins with the end of the one before': {
    plant: ({ accounts }) => {
      const list = accounts.list.bind(accounts);
      accounts.list = (query, page) => list(query, { ...page, before: page.before && `${page.before}~` });
    },
    shows: (expected, found) => both(expected, found, /total.+next_cursor/, /total.+next_cursor/),
  },

  'attributes that take the place of all others': {
    plant: ({ accounts, tables }) => {
      const change = accounts.changeAccount.bind(accounts);
      accounts.changeAccount = async (id, changes, notices) => {
        const { users } = tables;
        const user = users.get(id);
        if (user && changes.attributes) users.set(id, { ...user, attributes: {} });
        return change(id, changes, notices);
      };
    },
    // Where nothing was changed that is seen in the answer, nothing is told to have been.
    shows: (expected, found) =>
      both(expected, found, /attributes/, /attributes/) || expected.events.length !== found.events.length,
  },

  'an audit log that shows the records of everybody': {
    plant: ({ audit }) => {
      const list = audit.list.bind(audit);
      audit.list = (query, page) => list({ ...query, names: null }, page);
    },
    shows: (expected, found) => both(expected, found, /items\W+next_cursor|user\.\w+/, /user\.\w+/),
  },
};

const bare = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '');
const addressesIn = (answer: Answer): readonly string[] =>
  JSON.stringify(answer).match(/[\p{L}\p{M}\p{N}._-]+@[\w.-]+/gu) ?? [];
const wholeSeconds = (instant: Date): Date => new Date(Math.floor(instant.getTime() / 1000) * 1000);

/** Puts something in the place of the method that keeps an attempt to register. */
function onAdd({ pendingRegistrations }: MemoryStore, change: (add: Add) => Add): void {
  pendingRegistrations.add = change(pendingRegistrations.add.bind(pendingRegistrations));
}
