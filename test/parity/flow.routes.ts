import { type Cast, latest, type Mailbox } from './cast';
import { pageOf } from './page.routes';
import { NO_ADDRESSES, NO_PASSWORDS, PASSWORDS } from './people';
import { GATE, type RouteEntry } from './route';
import type { Value } from './step';

/** A password that somebody wants to have from now on; now and then one that nobody may have. */
const wanted = (cast: Cast): string => cast.dice.pick(cast.dice.chance(0.85) ? PASSWORDS : NO_PASSWORDS);

/** The password that a mailbox usually has; now and then another one. */
const current = (cast: Cast, mailbox: Mailbox): string =>
  cast.dice.chance(0.8) ? cast.right(mailbox) : cast.wrong(mailbox);

const typed = (cast: Cast, mailbox: Mailbox): string =>
  cast.dice.chance(0.95) ? cast.typed(mailbox) : cast.dice.pick(NO_ADDRESSES);

/** A route for anybody, with a body made of a mailbox. */
const open = (
  answers: readonly number[],
  json: (cast: Cast, mailbox: Mailbox) => Value,
  weight = 2,
): RouteEntry => ({
  answers,
  weight,
  reads: 'json',
  visit: (cast, mailbox) => ({ body: { json: json(cast, mailbox) } }),
});

/** The same for whoever is signed in. */
const guarded = (
  answers: readonly number[],
  json: (cast: Cast, mailbox: Mailbox) => Value,
  weight = 2,
): RouteEntry => ({
  answers: [...answers, 401, 429],
  weight,
  reads: 'json',
  visit: (cast, mailbox) => ({ headers: cast.session(mailbox), body: { json: json(cast, mailbox) } }),
});

/** What people do with a forgotten password, a new one, and another address. */
export const FLOW_ROUTES: Readonly<Record<string, RouteEntry>> = {
  'POST /api/auth/resend-verification': open([202, ...GATE, 422], (cast, mailbox) => ({
    email: typed(cast, mailbox),
  })),
  'POST /api/auth/forgot-password': open([202, ...GATE, 404, 422], (cast, mailbox) => ({
    email: typed(cast, mailbox),
  })),
  'POST /api/auth/reset-password': open([200, ...GATE, 404, 422], (cast, mailbox) => ({
    token: cast.link(mailbox, 'reset'),
    new_password: wanted(cast),
  })),
  'POST /api/auth/change-password': guarded([200, ...GATE, 422], (cast, mailbox) => ({
    current_password: current(cast, mailbox),
    new_password: cast.dice.chance(0.8) ? wanted(cast) : cast.right(mailbox),
  })),
  'POST /api/auth/reauthenticate': guarded([200, ...GATE, 403, 422], (cast, mailbox) => ({
    current_password: current(cast, mailbox),
  })),
  'POST /api/auth/change-email': guarded([202, ...GATE, 422], (cast, mailbox) => ({
    new_email: typed(cast, cast.dice.chance(0.2) ? mailbox : cast.anyone()),
    current_password: current(cast, mailbox),
  })),
  'POST /api/auth/confirm-email-change': open([200, ...GATE, 422], (cast, mailbox) => ({
    token: cast.link(mailbox, 'confirm-email-change'),
  })),
  'POST /api/auth/undo-email-change': open([200, ...GATE, 422], (cast, mailbox) => ({
    token: cast.link(mailbox, 'undo-email-change'),
  })),
  ...pageOf('reset', (cast) => ({ new_password: wanted(cast) })),
  ...pageOf('confirm-email-change'),
  ...pageOf('undo-email-change'),
};

/** The head of a request from the device on which a mailbox signed in last. */
export const onKnownDevice = (mailbox: Mailbox) => ({ cookie: latest('cookie device', mailbox) });
