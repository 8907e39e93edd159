import { createHash } from 'node:crypto';
import type { Route } from './discovery';
import type { Means, Person } from './draft';
import type { FactorValues } from './factor-values';
import type { Random } from './random';

/** What a field is called when its value is never shown again: there a canary may stand. */
export const isSecret = (field: string): boolean => /pass|token|secret|code|hash|key|phone/i.test(field);

/** Shown again to whoever typed it, on a form that is wrong: there no canary may stand. */
export const isShownAgain = ({ kind }: Route, field: string): boolean =>
  field === 'roles' || (kind === 'page' && !/password|code|token/.test(field));

/** Fields that are no text, with JSON that they take. */
const JSON_VALUES: Readonly<Record<string, string>> = {
  attributes: '{}',
  roles: '["staff"]',
  is_active: 'true',
  is_superuser: 'false',
  trust_device: 'true',
};

/** JSON of a value that the field takes, where it is no text. */
export const validJson = (field: string): string | undefined => JSON_VALUES[field];

/** Fields of forms that are no text, as forms send them. */
const PAGE_TEXTS: Readonly<Record<string, string>> = {
  trust_device: 'true',
  confirm: 'true',
  roles: 'staff',
};

/** What a form sends for a field that is no text. */
export const pageText = (field: string): string | undefined => PAGE_TEXTS[field];

/** How often somebody's own password is right. An account that is gone costs a new one. */
const RIGHT = 0.5;
const RIGHT_AT_THE_END = 0.15;

/** Whose request it is, with the link and the codes that it may carry. */
export interface Typed {
  readonly link: string;
  readonly person: Person | null;
  readonly factors: FactorValues;
}

/** A number that a text could be sent to. */
export const aNumberOf = (dice: Random): string => `+49151${String(dice.below(10 ** 8)).padStart(8, '0')}`;

/** Text that the field takes, or refuses only for what it says. */
export function validText(
  { path }: Route,
  field: string,
  { link, person, factors }: Typed,
  { dice, world, canary }: Means,
): string {
  if (factors[field] !== undefined) return factors[field];
  if (field === 'id') return person?.sessionId ?? dice.pick(world.people).sessionId;
  if (/mail/i.test(field))
    return dice.chance(0.3) ? dice.pick(world.people).email : `${dice.letters(12)}.${world.seed}@example.org`;
  if (/hash/i.test(field)) return createHash('sha256').update(link).digest('base64url');
  if (/token/i.test(field)) return link;
  if (field === 'current_password' && person && dice.chance(isAnEnd(path) ? RIGHT_AT_THE_END : RIGHT))
    return person.password;
  if (field === 'password' && path.endsWith('/login') && dice.chance(RIGHT)) return world.people[0]!.password;
  return isSecret(field) ? canary : 'Ann Example';
}

/** An id for the route's path; seldom a live one where that ends an account. */
export function idFor({ method, path }: Route, { dice, world }: Means): string {
  const [pick, isReal] = [dice.pick(world.people), dice.next()];
  if (isReal > (method === 'DELETE' && path.includes('/users/') ? RIGHT_AT_THE_END : 0.85))
    return dice.chance(0.5) ? dice.letters(12) : pick.id.replaceAll(/[a-e]/g, 'f');
  if (path.includes('/pending-registrations/')) return dice.pick(world.attempts);
  if (path.endsWith('/resend-verification') && dice.chance(0.5)) return world.unproved;
  return path.includes('/users/') ? pick.id : pick.sessionId;
}

/** A value that a field of a query takes. */
export function validQuery(field: string, { dice, world }: Means): string {
  const values: Readonly<Record<string, string>> = {
    limit: String(1 + dice.below(200)),
    skip: String(dice.below(100)),
    cursor: world.cursor,
    user_id: dice.pick(world.people).id,
    kind: 'user.logged_in',
    state: 'dead',
    transport: 'cookie',
    q: 'a',
  };
  return values[field] ?? dice.pick(['true', 'false']);
}

const isAnEnd = (path: string): boolean => path.includes('/account');
