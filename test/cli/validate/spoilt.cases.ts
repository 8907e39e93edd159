import type { PassingAnswer, PassingRequest } from '../../support/spoiling-proxy';

/** One thing about an installation that is wrong, and how the visit tells it. */
export interface SpoiltCase {
  readonly title: string;
  readonly check: string;
  readonly status: 'fail' | 'warn';
  readonly message: RegExp;
  readonly spoil: (answer: PassingAnswer, asked: PassingRequest) => void;
}

const API = '/api/auth';
const on =
  (route: string, change: (answer: PassingAnswer, asked: PassingRequest) => void): SpoiltCase['spoil'] =>
  (answer, asked) => {
    if (asked.route === route) change(answer, asked);
  };
const status =
  (from: number, to: number) =>
  (answer: PassingAnswer): void => {
    if (answer.status === from) answer.status = to;
  };
const without =
  (name: string) =>
  (answer: PassingAnswer): void => {
    delete answer.headers[name];
  };
const rewritten =
  (pattern: RegExp, text: string) =>
  (answer: PassingAnswer): void => {
    answer.headers['set-cookie'] = [answer.headers['set-cookie'] ?? []]
      .flat()
      .map((one) => one.replace(pattern, text));
  };
const failed = (check: string, title: string, message: RegExp, spoil: SpoiltCase['spoil']): SpoiltCase => ({
  check,
  title,
  message,
  spoil,
  status: 'fail',
});
const byCookie = `POST ${API}/login?transport=cookie`;
const aboutStranger = ({ body }: PassingRequest): boolean => body.includes('nobody-');

export const SPOILT_CASES: readonly SpoiltCase[] = [
  failed(
    'register',
    'registration is closed',
    /answered 403$/,
    on(`POST ${API}/register`, (answer) => Object.assign(answer, { status: 403, body: '{}' })),
  ),
  failed('verify', 'a link works twice', /works twice: 200/, on(`POST ${API}/verify`, status(400, 200))),
  failed(
    'verify',
    'a link does not work',
    /answered 500$/,
    on(`POST ${API}/verify`, (answer) => Object.assign(answer, { status: 500, body: '' })),
  ),
  failed(
    'sign-in',
    'no token comes',
    /gave no token/,
    on(`POST ${API}/login`, (answer) => void (answer.body = answer.body.replace('access_token', 'status'))),
  ),
  failed('guard', 'a route is open', /without a token answered 200/, on(`GET ${API}/me`, status(401, 200))),
  failed(
    'guard',
    'a token is not looked at',
    /with a forged one answered 200/,
    on(`GET ${API}/me`, (answer, { headers }) => {
      if (headers.authorization) status(401, 200)(answer);
    }),
  ),
  failed(
    'guard',
    'a proxy drops the token',
    /with a token answered 401/,
    on(`GET ${API}/me`, status(200, 401)),
  ),
  failed(
    'guard',
    'a challenge is missing',
    /without WWW-Authenticate/,
    on(`GET ${API}/me`, without('www-authenticate')),
  ),
  failed(
    'unknown-field',
    'any field is taken',
    /answered 401$/,
    on(`POST ${API}/login`, (answer, { body }) => {
      if (body.includes('is_superuser')) Object.assign(answer, { status: 401, body: '{}' });
    }),
  ),
  failed(
    'unknown-field',
    'a refusal has another form',
    /answered 422 /,
    on(`POST ${API}/login`, (answer) => void (answer.headers['content-type'] = 'application/json')),
  ),
  failed(
    'no-store',
    'answers may be stored',
    /without Cache-Control/,
    on(`GET ${API}/me`, without('cache-control')),
  ),
  failed(
    'pages',
    'a page may be framed',
    /content-security-policy$/,
    on('GET /account/login', without('content-security-policy')),
  ),
  failed(
    'pages',
    'a page may be sniffed and stored',
    /x-content-type-options, cache-control$/,
    on('GET /account/login', (answer) => {
      without('x-content-type-options')(answer);
      without('cache-control')(answer);
    }),
  ),
  failed('cookie', 'no cookie comes', /without one$/, on(byCookie, without('set-cookie'))),
  failed(
    'cookie',
    'scripts read the cookie',
    /lacks \^HttpOnly\$$/,
    on(byCookie, rewritten(/; HttpOnly/, '')),
  ),
  failed(
    'cookie',
    'other sites send the cookie',
    /lacks \^SameSite/,
    on(byCookie, rewritten(/SameSite=Lax/, 'SameSite=None')),
  ),
  failed(
    'cookie',
    'scripts see the token',
    /shows its token/,
    on(byCookie, (answer) => void (answer.body = '{"access_token":"x"}')),
  ),
  failed(
    'cookie',
    'other sites use the cookie',
    /another site could end the session: 200/,
    on(`POST ${API}/logout`, status(403, 200)),
  ),
  failed(
    'cookie',
    'a proxy drops the cookie',
    /its own site cannot end the session/,
    on(`POST ${API}/logout`, (answer, { headers }) => {
      if (headers.cookie) status(200, 401)(answer);
    }),
  ),
  failed(
    'wrong-password',
    'unknown addresses are told',
    /answered otherwise: 404/,
    on(`POST ${API}/login`, (answer, asked) => {
      if (aboutStranger(asked)) answer.status = 404;
    }),
  ),
  failed(
    'wrong-password',
    'a refusal has another code',
    /answered 401 login\.nope/,
    on(
      `POST ${API}/login`,
      (answer) => void (answer.body = answer.body.replace('login.invalid_credentials', 'login.nope')),
    ),
  ),
  failed(
    'forgot-password',
    'unknown addresses are told',
    /differ: 202, 404/,
    on(`POST ${API}/forgot-password`, (answer, asked) => {
      if (aboutStranger(asked)) answer.status = 404;
    }),
  ),
  failed(
    'forgot-password',
    'it does not work',
    /answered 500$/,
    on(`POST ${API}/forgot-password`, (answer) => Object.assign(answer, { status: 500, body: '{}' })),
  ),
  failed(
    'taken-address',
    'a taken address breaks it',
    /answered 500/,
    secondTime(`POST ${API}/register`, (answer) => void (answer.status = 500)),
  ),
  {
    ...failed(
      'taken-address',
      'a taken address is told',
      /strangers learn/,
      secondTime(`POST ${API}/register`, (answer) =>
        Object.assign(answer, {
          status: 409,
          headers: { 'content-type': 'application/problem+json' },
          body: '{"code":"registration.email_taken"}',
        }),
      ),
    ),
    status: 'warn',
  },
  failed(
    'sign-out',
    'a session cannot be ended',
    /answered 500$/,
    on(`POST ${API}/logout`, (answer) => Object.assign(answer, { status: 500, body: '' })),
  ),
  failed(
    'sign-out',
    'a session outlives its end',
    /still opens GET \/me: 200/,
    afterRoute(`POST ${API}/logout`, `GET ${API}/me`, status(401, 200)),
  ),
  failed(
    'lock-out',
    'nobody is locked out',
    /20 wrong passwords in a row/,
    on(`POST ${API}/login`, status(429, 401)),
  ),
  failed(
    'lock-out',
    'nobody is told how long',
    /without the seconds to wait/,
    on(`POST ${API}/login`, without('retry-after')),
  ),
  {
    ...failed(
      'deletion',
      'accounts cannot be deleted',
      /stays: enable_account_deletion is off/,
      on(`POST ${API}/account/delete`, (answer) => Object.assign(answer, { status: 404, body: '{}' })),
    ),
    status: 'warn',
  },
  {
    ...failed(
      'deletion',
      'no session is given to delete the account by',
      /stays: no session is open/,
      on(`POST ${API}/login`, (answer) => Object.assign(answer, { status: 500, body: '{}' })),
    ),
    status: 'warn',
  },
];

function secondTime(route: string, change: (answer: PassingAnswer) => void): SpoiltCase['spoil'] {
  return afterRoute(route, route, change);
}

/** From the second request on, where the first was the other route. */
function afterRoute(
  first: string,
  route: string,
  change: (answer: PassingAnswer) => void,
): SpoiltCase['spoil'] {
  let seen = false;
  return (answer, asked) => {
    if (seen && asked.route === route) change(answer);
    seen ||= asked.route === first;
  };
}
