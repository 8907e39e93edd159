import type { Route } from './discovery';
import type { Means, Person, Waiting } from './draft';
import { aNumberOf } from './valid-values';

/** What a request carries that a second factor is proved or enrolled with, by field. */
export type FactorValues = Readonly<Record<string, string>>;

const RIGHT = 0.5;

/** A token and a code that belong together; now and then the code is another one. */
export function factorValues({ path }: Route, person: Person | null, means: Means): FactorValues {
  const { dice, canary } = means;
  const isStep = path.includes('/login/');
  const waiting = dice.pick(waitsOf(isStep ? 'sign-in' : 'enrolment', means));
  const setup = path.includes('/phone/') ? person?.phone : (person?.app ?? (person ? null : waiting.setup));
  const codes = isStep ? waiting.codes : (person?.codes ?? []);
  const own =
    path.endsWith('/confirm') && setup ? setup.code() : codes.length > 0 ? dice.pick(codes) : canary;
  return {
    mfa_pending_token: waiting.token,
    pending_token: setup?.token ?? dice.letters(43),
    code: dice.chance(RIGHT) ? own : canary,
    method: dice.pick(['totp', 'sms', 'recovery_code']),
    phone_number: aNumberOf(dice),
  };
}

/** Fields that are left out, so that it is the session that counts. */
export function leftOut({ fields }: Route, person: Person | null, { dice }: Means): readonly string[] {
  const isEnrolment = fields.includes('mfa_pending_token') && fields.includes('current_password');
  return isEnrolment && person && dice.chance(0.6) ? ['mfa_pending_token'] : [];
}

const waitsOf = (kind: Waiting['kind'], { world }: Means): readonly Waiting[] =>
  world.waiting.filter((one) => one.kind === kind);
