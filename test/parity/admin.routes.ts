import { GOOD_ATTRIBUTES } from './attributes';
import { type Cast, FOUNDER, latest, type Mailbox, signedIn } from './cast';
import { NEXT } from './office';
import { type Content, GATE, type RouteEntry } from './route';
import type { Text, Value } from './step';

/** Mostly the founder, whose session may be too old; sometimes somebody who is no admin. */
const admin = (cast: Cast, mailbox: Mailbox): Readonly<Record<string, Text>> =>
  cast.dice.chance(0.75) ? signedIn(FOUNDER) : cast.session(mailbox);

/** What an admin may see. */
const seen = (
  answers: readonly number[],
  query: (cast: Cast, mailbox: Mailbox) => Content['query'],
): RouteEntry => ({
  answers: [200, 401, 403, 404, ...answers],
  weight: 1,
  reads: null,
  visit: (cast, mailbox) => {
    const asked = query(cast, mailbox);
    return { headers: admin(cast, mailbox), ...(asked && { query: asked }) };
  },
});

/** What an admin may do to what has an id. */
const done = (
  answers: readonly number[],
  {
    kind = 'id',
    weight = 0.5,
    json = null,
  }: { kind?: string; weight?: number; json?: typeof someChange | null } = {},
): RouteEntry => ({
  answers: [...answers, ...GATE, 401, 403, 404],
  weight,
  reads: 'json',
  visit: (cast, mailbox) => ({
    headers: admin(cast, mailbox),
    params: { id: cast.dice.chance(0.9) ? [latest(kind, mailbox)] : cast.dice.pick(NO_IDS) },
    ...(json && { body: { json: json(cast) } }),
  }),
});

const NO_IDS = ['x', '00000000-0000-7000-8000-000000000000', '..', '%', '{"$ne":null}', 'stats'];

/** Never a superuser: the founder is to stay the only one. */
const someChange = ({ dice }: Cast): Value =>
  dice.pick<Value>([
    { is_active: dice.chance(0.7) },
    { full_name: dice.letters(5) },
    { roles: [dice.letters(2), 'staff'] },
    { attributes: { level: dice.below(9), settings: dice.pick(GOOD_ATTRIBUTES) } },
    { is_superuser: false },
    { is_active: 'true' },
  ]);

/** A page, or the one after another. */
const page = ({ dice }: Cast): NonNullable<Content['query']> => ({
  limit: String(1 + dice.below(8)),
  ...(dice.chance(0.3) ? { cursor: NEXT } : {}),
});

const USERS = '/api/auth/admin/users';

/** What admins see and do. */
export const ADMIN_ROUTES: Readonly<Record<string, RouteEntry>> = {
  'GET /api/auth/admin/stats': seen([], () => undefined),
  [`GET ${USERS}`]: seen([422], (cast, { address }) => ({
    ...page(cast),
    ...(cast.dice.chance(0.5) ? { q: cast.dice.pick([address, address.slice(0, 2), 'Ann']) } : {}),
  })),
  'GET /api/auth/admin/audit': seen([422], (cast, mailbox) => ({
    ...page(cast),
    ...(cast.dice.chance(0.5) ? { user_id: latest('id', mailbox) } : {}),
  })),
  'GET /api/auth/admin/pending-registrations': seen([422], page),
  // What waits at a moment depends on when the worker has looked, on one store or on two: only refusals can be compared.
  'GET /api/auth/admin/outbox': {
    ...seen([], ({ dice }) => ({ [dice.pick(['state', 'limit', 'cursor'])]: 'x' })),
    answers: [401, 403, 404, 422],
  },
  [`GET ${USERS}/:id`]: {
    ...done([200]),
    answers: [200, 401, 403, 404],
    reads: null,
  },
  [`PATCH ${USERS}/:id`]: done([200, 409, 422], { weight: 1, json: someChange }),
  [`DELETE ${USERS}/:id`]: done([200, 409], { weight: 0.2 }),
  [`POST ${USERS}/:id/resend-verification`]: done([202]),
  [`POST ${USERS}/:id/revoke-sessions`]: done([200], { weight: 0.3 }),
  'POST /api/auth/admin/outbox/:id/retry': done([], { weight: 0.3 }),
  'POST /api/auth/admin/pending-registrations/:id/promote': done([200], { kind: 'attempt id', weight: 0.3 }),
};
