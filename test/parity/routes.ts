import type { Cast, Mailbox } from './cast';
import { latest } from './cast';
import { NO_ADDRESSES, NO_PASSWORDS } from './people';
import type { Request, Text } from './step';

/** What a visit sends, besides the route and the mailbox. */
export type Content = Omit<Request, 'route' | 'of'>;

/** A route of the sequence. */
export interface RouteEntry {
  /** Every status that it answers; each must come at least once, and no other. */
  readonly answers: readonly number[];
  /** How often it is visited beside the stories, compared to the others. */
  readonly weight: number;
  /** The bodies that it reads by our gate; null where a host's parser or nobody reads them. */
  readonly reads: 'json' | 'form' | null;
  /** A visit with random content about this mailbox. */
  readonly visit: (cast: Cast, mailbox: Mailbox) => Content;
}

/** The head of a form that a page of ours has sent, by a browser old or new. */
export const fromOurPage = (cast: Cast): Readonly<Record<string, Text>> =>
  cast.dice.chance(0.5) ? { 'sec-fetch-site': 'same-origin' } : { origin: 'http://localhost:3000' };

/** Bodies that the gate refuses. */
const GATE = [400, 413, 415];

/**
 * Every route of the app: a new one is one more entry here (and a story, where visits by chance do not reach all that
 * it does). The suite fails for a route that the app has and this table has not.
 */
export const ROUTES: Readonly<Record<string, RouteEntry>> = {
  'POST /api/auth/register': {
    answers: [201, ...GATE, 403, 409, 422],
    weight: 5,
    reads: 'json',
    visit: (cast, mailbox) => ({
      body: {
        json: {
          email: cast.dice.chance(0.9) ? cast.typed(mailbox) : cast.dice.pick(NO_ADDRESSES),
          password: cast.dice.chance(0.8)
            ? cast.right(mailbox)
            : cast.dice.pick([cast.wrong(mailbox), ...NO_PASSWORDS]),
          ...(cast.dice.chance(0.7) ? { full_name: mailbox.fullName } : {}),
        },
      },
    }),
  },
  'POST /api/auth/verify': {
    answers: [200, ...GATE, 422],
    weight: 4,
    reads: 'json',
    visit: (cast, mailbox) => ({ body: { json: { token: cast.link(mailbox) } } }),
  },
  'POST /api/auth/login': {
    answers: [200, ...GATE, 401, 403, 422, 429],
    weight: 6,
    reads: 'json',
    visit: (cast, mailbox) => ({
      body: {
        json: {
          email: cast.dice.chance(0.95) ? cast.typed(mailbox) : cast.dice.pick(NO_ADDRESSES),
          password: cast.dice.chance(0.8) ? cast.right(mailbox) : cast.wrong(mailbox),
        },
      },
    }),
  },
  'POST /api/auth/logout': {
    answers: [200, ...GATE, 401],
    weight: 2,
    reads: 'json',
    visit: (cast, mailbox) => ({ headers: cast.session(mailbox) }),
  },
  'GET /api/auth/me': {
    answers: [200, 401],
    weight: 5,
    reads: null,
    visit: (cast, mailbox) => ({ headers: cast.session(mailbox) }),
  },
  'GET /account/verify': {
    answers: [200, 303, 400, 404],
    weight: 4,
    reads: null,
    visit: (cast, mailbox) =>
      cast.dice.pick<Content>([
        { query: { token: cast.link(mailbox) } },
        { headers: { cookie: latest('cookie', mailbox) } },
        { query: { done: '' } },
        { query: { token: cast.dice.letters(43) }, headers: { cookie: latest('cookie', mailbox) } },
        {},
      ]),
  },
  'POST /account/verify': {
    answers: [303, ...GATE, 403, 404, 422],
    weight: 3,
    reads: 'form',
    visit: (cast, mailbox) => ({
      headers: {
        ...(cast.dice.chance(0.9) ? fromOurPage(cast) : {}),
        ...(cast.dice.chance(0.9) ? { cookie: latest('cookie', mailbox) } : {}),
      },
      body: { form: { token_hash: latest('token_hash', cast.dice.chance(0.8) ? mailbox : cast.anyone()) } },
    }),
  },
  'GET /orders': {
    answers: [200, 401],
    weight: 3,
    reads: null,
    visit: (cast, mailbox) => ({ headers: cast.session(mailbox) }),
  },
  'GET /plain': { answers: [200], weight: 0.2, reads: null, visit: () => ({}) },
  'POST /staff/disable': {
    answers: [200],
    weight: 0.3,
    reads: null,
    visit: (_cast, { address }) => ({ body: { json: { email: address } } }),
  },
  'POST /staff/password': {
    answers: [200],
    weight: 0.5,
    reads: null,
    visit: (cast, mailbox) => ({ body: { json: { email: mailbox.address, password: cast.right(mailbox) } } }),
  },
};

/** Routes by the bodies that our gate reads for them. */
export const routesThatRead = (kind: 'json' | 'form'): readonly string[] =>
  Object.keys(ROUTES).filter((route) => ROUTES[route]!.reads === kind);
