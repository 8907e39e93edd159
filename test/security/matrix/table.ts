/** Every route and who may pass it. The last column names the setting that switches the route. */
const ROUTES = `
  POST    /api/auth/register                                  public
  POST    /api/auth/verify                                    public
  POST    /api/auth/resend-verification                       public
  POST    /api/auth/login                                     public
  POST    /api/auth/logout                                    user
  POST    /api/auth/forgot-password                           public
  POST    /api/auth/reset-password                            public
  POST    /api/auth/change-password                           user
  POST    /api/auth/reauthenticate                            user
  POST    /api/auth/change-email                              user
  POST    /api/auth/confirm-email-change                      public
  POST    /api/auth/undo-email-change                         public
  GET     /api/auth/me                                        user
  PATCH   /api/auth/me                                        user
  DELETE  /api/auth/account                                   user          enableAccountDeletion
  POST    /api/auth/account/delete                            user          enableAccountDeletion
  GET     /api/auth/sessions                                  user
  DELETE  /api/auth/sessions/:id                              fresh user
  POST    /api/auth/sessions/revoke-others                    fresh user
  GET     /api/auth/admin/stats                               admin         enableAdminRouter
  GET     /api/auth/admin/users                               admin         enableAdminRouter
  GET     /api/auth/admin/users/:id                           admin         enableAdminRouter
  PATCH   /api/auth/admin/users/:id                           fresh admin   enableAdminRouter
  DELETE  /api/auth/admin/users/:id                           fresh admin   enableAdminRouter
  POST    /api/auth/admin/users/:id/resend-verification       admin         enableAdminRouter
  POST    /api/auth/admin/users/:id/revoke-sessions           fresh admin   enableAdminRouter
  GET     /api/auth/admin/audit                               admin         enableAdminRouter
  GET     /api/auth/admin/pending-registrations               admin         enableAdminRouter
  POST    /api/auth/admin/pending-registrations/:id/promote   fresh admin   enableAdminRouter
  GET     /api/auth/health/live                               public
  GET     /api/auth/health/ready                              public

  GET     /account/verify                                     public
  POST    /account/verify                                     own page
  GET     /account/reset                                      public
  POST    /account/reset                                      own page
  GET     /account/confirm-email-change                       public
  POST    /account/confirm-email-change                       own page
  GET     /account/undo-email-change                          public
  POST    /account/undo-email-change                          own page

  GET     /host/open                                          unguarded
  POST    /host/open                                          unguarded
  GET     /host/public                                        public
  GET     /host/guarded                                       user
  POST    /host/guarded                                       user
  GET     /host/guarded/optional                              optional
  POST    /host/guarded/optional                              optional
  GET     /host/guarded/fresh                                 fresh user
  DELETE  /host/guarded/fresh                                 fresh user
  GET     /host/editors                                       editor
  POST    /host/editors                                       editor
  GET     /host/editors/texts                                 reader
  GET     /host/admin                                         admin
  POST    /host/admin/:id                                     admin
  DELETE  /host/admin/:id                                     fresh admin
  GET     /host/opened-admin                                  admin
  POST    /host/opened-admin/optional                         admin
`;

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
`;

/** With the global guard its questions come first: it is told of the old session before of the missing right. */
const RULES_OF_GLOBAL_GUARD = `
                    stranger   user   stale user   editor   admin   stale admin
  unguarded         401        ok     ok           ok       ok      ok
  fresh admin       401        right  stale        right    ok      stale
`;

/** Status and code of a refusal. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
}

/** Refusals by their word in the rules; by the switch of the route; and of what another site sent. */
export const REFUSALS = {
  '401': { status: 401, code: 'session.required' },
  right: { status: 403, code: 'account.not_allowed' },
  stale: { status: 403, code: 'session.stale' },
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
  if (setting !== null && regime.off.includes(setting)) return REFUSALS.off;
  const isFromElsewhere = method !== 'GET' && !asker.isFromOwnPage;
  if (rule === 'own page') return isFromElsewhere ? REFUSALS.elsewhere : null;
  const isLookedAt = rule !== 'public' && (rule !== 'unguarded' || regime.isGuardGlobal);
  if (isLookedAt && asker.isByCookie && isFromElsewhere) return REFUSALS.elsewhere;
  const word = wordFor(rule, asker.standing, regime);
  return word === 'ok' ? null : REFUSALS[word as keyof typeof REFUSALS];
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
const WITH_GLOBAL_GUARD: Words = new Map([...USUAL, ...wordsOf(RULES_OF_GLOBAL_GUARD)]);

function wordFor(rule: string, standing: Standing, { isGuardGlobal }: Regime): string {
  const word = (isGuardGlobal ? WITH_GLOBAL_GUARD : USUAL).get(rule)?.[standing];
  if (word === undefined) throw new Error(`the table has no rule ${rule} for ${standing}`);
  return word;
}
