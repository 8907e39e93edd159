import { appCode, recoveryCode, textCode, wrongAppCode, wrongTextCode } from './code-uses';
import { type Cast, latest, type Mailbox } from './cast';
import { NO_NUMBERS } from './people';
import { GATE, type RouteEntry } from './route';
import type { Value } from './step';

type Made = (cast: Cast, mailbox: Mailbox) => Readonly<Record<string, Value>>;

/** Some code: right more often than not, where there is any. */
const code: (cast: Cast, mailbox: Mailbox) => Value = ({ dice }, mailbox) =>
  dice.pick([
    appCode(mailbox),
    appCode(mailbox, dice.pick([-2, -1, 1, 2])),
    textCode(mailbox),
    textCode(mailbox, 1),
    recoveryCode(mailbox, dice.below(12)),
    wrongAppCode(mailbox),
    wrongTextCode(mailbox),
  ]);

const current: Made = (cast, mailbox) => ({
  current_password: cast.dice.chance(0.85) ? cast.right(mailbox) : cast.wrong(mailbox),
});

/** A token of the mailbox; now and then an older one, or somebody else's. */
const token = (cast: Cast, mailbox: Mailbox, name: string) => ({
  ...latest(name, cast.dice.chance(0.9) ? mailbox : cast.anyone()),
  back: cast.dice.chance(0.8) ? 0 : cast.dice.below(3),
});

const waiting: Made = (cast, mailbox) => ({ mfa_pending_token: token(cast, mailbox, 'mfa_pending_token') });

/** By a session, or by the token of a sign-in that waits. */
const enrolment = (answers: readonly number[], made: Made): RouteEntry => ({
  answers: [...answers, ...GATE, 401, 404, 422, 429],
  weight: 0.7,
  reads: 'json',
  visit: (cast, mailbox) => {
    const json = made(cast, mailbox);
    if (cast.dice.chance(0.2)) return { body: { json: { ...json, ...waiting(cast, mailbox) } } };
    return { headers: cast.session(mailbox), body: { json } };
  },
});

const guarded = (answers: readonly number[], made: Made): RouteEntry => ({
  answers: [...answers, ...GATE, 401, 429],
  weight: 0.7,
  reads: 'json',
  visit: (cast, mailbox) => ({ headers: cast.session(mailbox), body: { json: made(cast, mailbox) } }),
});

const step = (answers: readonly number[], made: Made): RouteEntry => ({
  answers: [...answers, ...GATE, 422, 429],
  weight: 1.5,
  reads: 'json',
  visit: (cast, mailbox) => ({ body: { json: { ...waiting(cast, mailbox), ...made(cast, mailbox) } } }),
});

const removal = guarded([200, 403, 422], (cast, mailbox) => ({
  ...current(cast, mailbox),
  ...(cast.dice.chance(0.8) ? { code: code(cast, mailbox) } : {}),
}));

const confirmed: Made = (cast, mailbox) => ({
  pending_token: token(cast, mailbox, 'pending_token'),
  code: code(cast, mailbox),
  ...(cast.dice.chance(0.2) ? current(cast, mailbox) : {}),
});

/** Second factors: enrolled, asked for, sent, removed. */
export const FACTOR_ROUTES: Readonly<Record<string, RouteEntry>> = {
  'POST /api/auth/login/mfa-confirm': step([200, 403], (cast, mailbox) => ({
    code: code(cast, mailbox),
    ...(cast.dice.chance(0.3) ? { method: cast.dice.pick(['totp', 'sms', 'recovery_code', 'post']) } : {}),
    ...(cast.dice.chance(0.3) ? { trust_device: cast.dice.pick([true, false, 'yes']) } : {}),
  })),
  'POST /api/auth/login/mfa-resend': step([202], () => ({})),
  'POST /api/auth/phone/start': enrolment([202, 403], (cast, mailbox) => ({
    ...current(cast, mailbox),
    phone_number: cast.dice.chance(0.85) ? cast.typedNumber(mailbox) : cast.dice.pick(NO_NUMBERS),
    ...(cast.dice.chance(0.3) ? { code: code(cast, mailbox) } : {}),
  })),
  'POST /api/auth/phone/confirm': enrolment([200], confirmed),
  'POST /api/auth/mfa/totp/start': enrolment([200, 403], (cast, mailbox) => ({
    ...current(cast, mailbox),
    ...(cast.dice.chance(0.3) ? { code: code(cast, mailbox) } : {}),
  })),
  'POST /api/auth/mfa/totp/confirm': enrolment([200], confirmed),
  'POST /api/auth/mfa/challenge': guarded([202], () => ({})),
  'POST /api/auth/mfa/recovery-codes': removal,
  'DELETE /api/auth/phone': removal,
  'POST /api/auth/phone/delete': removal,
  'DELETE /api/auth/mfa/totp': removal,
  'POST /api/auth/mfa/totp/delete': removal,
};
