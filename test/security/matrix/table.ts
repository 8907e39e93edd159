import { ROUTES } from './routes';

/** What the rules say to whom: `ok` passes, the others are in {@link REFUSALS}. */
const RULES = `
                    stranger   user   stale user   editor   admin   stale admin
  public            ok         ok     ok           ok       ok      ok
  own page          ok         ok     ok           ok       ok      ok
  unguarded         ok         ok     ok           ok       ok      ok
  optional          ok         ok     ok           ok       ok      ok
  user              401        ok     ok           ok       ok      ok
  fresh user        401        ok     stale        ok       ok      stale
  editor            401        right  right        ok       right   right
  reader            401        ok     right        right    right   right
  admin             401        right  right        right    ok      ok
  fresh admin       401        right  right        right    ok      stale

  page for all      ok         ok     ok           ok       ok      ok
  form for all      ok         ok     ok           ok       ok      ok
  page of user      login      ok     ok           ok       ok      ok
  form of user      login      ok     ok           ok       ok      ok
  form of fresh user  login    ok     again        ok       ok      again
  page of admin     login      right  right        right    ok      ok
  form of admin     login      right  right        right    ok      ok
  form of fresh admin  login   right  right        right    ok      again
`;

/** With the global guard its questions come first: it is told of the old session before of the missing right. */
const RULES_OF_GLOBAL_GUARD = `
                    stranger   user   stale user   editor   admin   stale admin
  unguarded         401        ok     ok           ok       ok      ok
  fresh admin       401        right  stale        right    ok      stale
  form of fresh admin  login   right  again        right    ok      again
`;

/** Where superusers must have a second factor, and these have none: they are told of that before of the old session. */
const RULES_OF_MFA_POLICY = `
                    stranger   user   stale user   editor   admin   stale admin
  admin             401        right  right        right    factor  factor
  fresh admin       401        right  right        right    factor  factor
  page of admin     login      right  right        right    factor  factor
  form of admin     login      right  right        right    factor  factor
  form of fresh admin  login   right  right        right    factor  factor
`;

/** Status and code of a refusal. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  /** On pages: where the browser is led instead of being told. */
  readonly to?: string;
}

/** Refusals by their word in the rules; by the switch of the route; and of what another site sent. */
export const REFUSALS = {
  '401': { status: 401, code: 'session.required' },
  right: { status: 403, code: 'account.not_allowed' },
  stale: { status: 403, code: 'session.stale' },
  login: { status: 303, code: 'session.required', to: '/account/login' },
  again: { status: 303, code: 'session.stale', to: '/account/reauthenticate' },
  factor: { status: 403, code: 'mfa.required' },
  off: { status: 404, code: 'feature.disabled' },
  elsewhere: { status: 403, code: 'request.cross_site' },
} as const satisfies Record<string, Refusal>;

/** What a caller is to the rules. */
export type Standing = 'stranger' | 'user' | 'stale user' | 'editor' | 'admin' | 'stale admin';

/** A line of the table. */
export interface Line {
  readonly method: string;
  readonly path: string;
  readonly rule: string;
  readonly setting: string | null;
}

/** `METHOD /path` of a line. */
export const nameOf = ({ method, path }: Line): string => `${method} ${path}`;

const rowsOf = (table: string): readonly (readonly string[])[] =>
  table
    .split('\n')
    .map((row) => row.trim().split(/\s{2,}/))
    .filter(([first]) => first !== '');

/** The routes of the table. */
export const LINES: readonly Line[] = rowsOf(ROUTES).map(([method, path, rule, setting = null]) => ({
  method: method!,
  path: path!,
  rule: rule!,
  setting,
}));

/** What holds for the app that is walked through. */
export interface Regime {
  readonly isGuardGlobal: boolean;
  /** `mfa_policy` asks for a second factor of those who came without one. */
  readonly needsFactor: boolean;
  /** Settings that are off. */
  readonly off: readonly string[];
}

/** Who asks, as far as the table goes by it. */
export interface Asker {
  readonly standing: Standing;
  readonly isByCookie: boolean;
  /** The request says that a page of `base_url` sent it. */
  readonly isFromOwnPage: boolean;
}

/** What the table says of a request that reaches the route: a refusal, or null where it passes. */
export function refusalOf(line: Line, asker: Asker, regime: Regime): Refusal | null {
  const { rule, setting, method } = line;
  const isFromElsewhere = method !== 'GET' && !asker.isFromOwnPage;
  const isForm = rule.startsWith('form ');
  const isOff = setting !== null && regime.off.includes(setting);
  if (isForm && isFromElsewhere) return elsewhereOr(isOff, line, asker, regime);
  if (isOff) return REFUSALS.off;
  if (rule === 'own page') return isFromElsewhere ? REFUSALS.elsewhere : null;
  const isLookedAt = rule !== 'public' && (rule !== 'unguarded' || regime.isGuardGlobal);
  if (isLookedAt && asker.isByCookie && isFromElsewhere) return REFUSALS.elsewhere;
  const word = wordFor(rule, asker.standing, regime);
  return word === 'ok' ? null : REFUSALS[word as keyof typeof REFUSALS];
}

/** A form from elsewhere is refused before anything is asked; but for what a global guard asks before that. */
function elsewhereOr(isOff: boolean, { rule }: Line, asker: Asker, { isGuardGlobal }: Regime): Refusal {
  if (!isGuardGlobal || asker.isByCookie) return REFUSALS.elsewhere;
  if (isOff) return REFUSALS.off;
  if (asker.standing === 'stranger' && !rule.endsWith('for all')) return REFUSALS.login;
  return rule.includes('fresh') && asker.standing.startsWith('stale') ? REFUSALS.again : REFUSALS.elsewhere;
}

/** Words by rule and standing. */
type Words = ReadonlyMap<string, Readonly<Record<string, string>>>;

const wordsOf = (table: string): Words => {
  const [standings, ...rows] = rowsOf(table);
  return new Map(
    rows.map(([rule, ...words]) => [
      rule!,
      Object.fromEntries(words.map((word, column) => [standings![column]!, word])),
    ]),
  );
};

const USUAL = wordsOf(RULES);
const OF_GLOBAL_GUARD = wordsOf(RULES_OF_GLOBAL_GUARD);
const OF_MFA_POLICY = wordsOf(RULES_OF_MFA_POLICY);

function wordFor(rule: string, standing: Standing, { isGuardGlobal, needsFactor }: Regime): string {
  const words =
    (needsFactor && OF_MFA_POLICY.get(rule)) ||
    (isGuardGlobal && OF_GLOBAL_GUARD.get(rule)) ||
    USUAL.get(rule);
  const word = words && words[standing];
  if (word === undefined) throw new Error(`the table has no rule ${rule} for ${standing}`);
  return word;
}
