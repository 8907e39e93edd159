import { type Cast, FOUNDER, latest, type Mailbox, signedIn } from './cast';
import { type Line, lines } from './script';
import type { Text, Use, Value } from './step';

/** Under this name is kept what lists bring, so that it is not taken for what belongs to one mailbox. */
export const LISTS = { key: 'lists' };

/** The end of the page that a list brought last. */
export const NEXT: Use = { use: 'next_cursor', of: LISTS.key, back: 0 };

type Query = NonNullable<Line['query']>;

/** What admins do, by their latest session; it is the founder's where nobody else is named. */
export const office = (cast: Cast, admin: Mailbox = FOUNDER) => {
  const headers = signedIn(admin);
  const users = '/api/auth/admin/users';
  const on = (route: string, { key }: Pick<Mailbox, 'key'>, more: Partial<Line> = {}): Line => ({
    route,
    of: key,
    headers,
    ...more,
  });
  const user = (route: string, mailbox: Mailbox, id: Text = latest('id', mailbox), json?: Value): Line =>
    on(route, mailbox, { params: { id }, ...(json !== undefined && { body: { json } }) });
  const list = (path: string, query: Query): Line => on(`GET /api/auth/admin/${path}`, LISTS, { query });
  return {
    enter: lines(cast).login(admin),
    /** Brings the admin's own id to light. */
    self: lines(cast).me(admin),
    stats: on('GET /api/auth/admin/stats', LISTS),
    list: (query: Query = {}): Line => list('users', query),
    find: (mailbox: Mailbox): Line => on(`GET ${users}`, mailbox, { query: { q: mailbox.address } }),
    get: (mailbox: Mailbox, id?: Text): Line => user(`GET ${users}/:id`, mailbox, id),
    change: (mailbox: Mailbox, json: Value, id?: Text): Line => user(`PATCH ${users}/:id`, mailbox, id, json),
    remove: (mailbox: Mailbox, id?: Text): Line => user(`DELETE ${users}/:id`, mailbox, id),
    resend: (mailbox: Mailbox, id?: Text): Line => user(`POST ${users}/:id/resend-verification`, mailbox, id),
    revoke: (mailbox: Mailbox, id?: Text): Line => user(`POST ${users}/:id/revoke-sessions`, mailbox, id),
    audit: (query: Query = {}): Line => list('audit', query),
    messages: (query: Query): Line => list('outbox', query),
    retry: (mailbox: Mailbox, id: Text = '00000000-0000-7000-8000-000000000000'): Line =>
      user('POST /api/auth/admin/outbox/:id/retry', mailbox, id),
    attempts: (query: Query = {}): Line => list('pending-registrations', query),
    /** The newest attempts; their ids are kept for the mailbox. */
    waiting: (mailbox: Mailbox, limit = '1'): Line =>
      on('GET /api/auth/admin/pending-registrations', mailbox, { query: { limit } }),
    promote: (mailbox: Mailbox, back = 0): Line =>
      user('POST /api/auth/admin/pending-registrations/:id/promote', mailbox, [
        { ...latest('attempt id', mailbox), back },
      ]),
  };
};
