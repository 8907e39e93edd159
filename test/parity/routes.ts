import { ADMIN_ROUTES } from './admin.routes';
import { FACTOR_ROUTES } from './factor.routes';
import { FLOW_ROUTES, onKnownDevice } from './flow.routes';
import { OWN_ROUTES } from './own.routes';
import { pageOf } from './page.routes';
import { NO_ADDRESSES, NO_PASSWORDS } from './people';
import { GATE, type RouteEntry } from './route';

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
      ...(cast.dice.chance(0.5) ? { headers: onKnownDevice(mailbox) } : {}),
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
  ...pageOf('verify'),
  ...FLOW_ROUTES,
  ...OWN_ROUTES,
  ...FACTOR_ROUTES,
  ...ADMIN_ROUTES,
  'GET /api/auth/health/live': { answers: [200], weight: 0.2, reads: null, visit: () => ({}) },
  'GET /api/auth/health/ready': { answers: [200], weight: 0.2, reads: null, visit: () => ({}) },
  'GET /orders': {
    answers: [200, 401],
    weight: 3,
    reads: null,
    visit: (cast, mailbox) => ({ headers: cast.session(mailbox) }),
  },
  'GET /plain': { answers: [200], weight: 0.2, reads: null, visit: () => ({}) },
  'POST /staff/order': {
    answers: [200, 401, 403],
    weight: 0.3,
    reads: null,
    visit: (cast, mailbox) => ({ headers: cast.session(mailbox) }),
  },
  'POST /staff/disable': {
    answers: [200],
    weight: 0.3,
    reads: null,
    visit: (_cast, { address }) => ({ body: { json: { email: address } } }),
  },
  'POST /staff/lose-factors': {
    answers: [200],
    weight: 0.1,
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
