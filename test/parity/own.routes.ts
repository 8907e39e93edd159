import { BAD_ATTRIBUTES, GOOD_ATTRIBUTES } from './attributes';
import { type Cast, latest, type Mailbox } from './cast';
import { GATE, type RouteEntry } from './route';

/** Seldom: whoever is gone can play no part in a story any more. */
const RARE = 0.2;

const ending: RouteEntry = {
  answers: [200, ...GATE, 401, 403, 404, 409, 422, 429],
  weight: RARE,
  reads: 'json',
  visit: (cast, mailbox) => ({
    headers: cast.session(mailbox),
    body: { json: { current_password: cast.dice.chance(0.5) ? cast.right(mailbox) : cast.wrong(mailbox) } },
  }),
};

/** The id of a session of the mailbox; now and then of somebody else's, or none. */
const listed = (cast: Cast, mailbox: Mailbox) => ({
  ...latest('session id', cast.dice.chance(0.8) ? mailbox : cast.anyone()),
  back: cast.dice.below(3),
});

/** What people do with their own account. */
export const OWN_ROUTES: Readonly<Record<string, RouteEntry>> = {
  'PATCH /api/auth/me': {
    answers: [200, ...GATE, 401, 403, 422],
    weight: 3,
    reads: 'json',
    visit: (cast, mailbox) => ({
      headers: cast.session(mailbox),
      body: {
        json: {
          ...(cast.dice.chance(0.4) ? { full_name: cast.dice.pick([cast.anyone().fullName, null]) } : {}),
          attributes: cast.dice.pick(cast.dice.chance(0.8) ? GOOD_ATTRIBUTES : BAD_ATTRIBUTES),
        },
      },
    }),
  },
  'GET /api/auth/sessions': {
    answers: [200, 401],
    weight: 2,
    reads: null,
    visit: (cast, mailbox) => ({ headers: cast.session(mailbox) }),
  },
  'DELETE /api/auth/sessions/:id': {
    answers: [200, ...GATE, 401, 403, 404],
    weight: 1,
    reads: 'json',
    visit: (cast, mailbox) => ({ headers: cast.session(mailbox), params: { id: [listed(cast, mailbox)] } }),
  },
  'POST /api/auth/sessions/revoke-others': {
    answers: [200, ...GATE, 401, 403],
    weight: 0.5,
    reads: 'json',
    visit: (cast, mailbox) => ({ headers: cast.session(mailbox) }),
  },
  'DELETE /api/auth/account': ending,
  'POST /api/auth/account/delete': ending,
};
