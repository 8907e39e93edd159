import { fail, type Finding, pass, skip } from '../../findings/finding';
import { A_SESSION, AN_ACCOUNT, isProblem, type Step, told } from '../visit';

const UPDATE = 'update @regstack/nestjs, and take filters and interceptors of the app off its routes';

/** Only a session opens a route. */
export const guard: Step = {
  name: 'guard',
  needs: A_SESSION,
  async run({ installation, token, email }) {
    const own = await installation.call('GET', '/me', { token: token! });
    if (own.status !== 200 || own.body['email'] !== email) {
      return fail(
        `GET /me with a token answered ${told(own)}`,
        'check that proxies pass the header Authorization',
      );
    }
    for (const [what, call] of [
      ['without a token', {}],
      ['with a forged one', { token: `${token}x` }],
    ] as const) {
      const answer = await installation.call('GET', '/me', call);
      if (answer.status !== 401) return fail(`GET /me ${what} answered ${told(answer)}`, UPDATE);
      if (!answer.headers.has('www-authenticate')) return fail('401 comes without WWW-Authenticate', UPDATE);
    }
    return pass('GET /me opens with the token alone');
  },
};

/** What is not known is refused, in the one form of refusals. */
export const unknownField: Step = {
  name: 'unknown-field',
  async run({ installation, email, password }) {
    const body = { email, password, is_superuser: true };
    const answer = await installation.call('POST', '/login', { body });
    if (isProblem(answer, 422)) return pass('is refused with 422, as problem+json');
    return fail(`a body with a field too many was answered ${told(answer)}`, UPDATE);
  },
};

/** Answers about accounts are kept by nobody in between. */
export const caching: Step = {
  name: 'no-store',
  async run({ installation }) {
    const answer = await installation.call('GET', '/me');
    const control = answer.headers.get('cache-control') ?? '';
    if (/\bno-store\b/.test(control)) return pass('answers are not to be stored');
    return fail(
      'answers come without Cache-Control: no-store',
      'let proxies pass that header, and set no other',
    );
  },
};

const WANTED: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^(same-origin|no-referrer|strict-origin)/,
  'cache-control': /\bno-store\b/,
};

/** Pages are framed by nobody and load nothing foreign. */
export const pages: Step = {
  name: 'pages',
  async run({ installation }) {
    const { status, headers } = await installation.page('/login');
    if (status === 404) return skip('enable_ui_router is off');
    if (status !== 200) return fail(`the page of the sign-in answered ${status}`, 'check --ui-prefix');
    const wanted = {
      ...WANTED,
      ...(installation.isSecure ? { 'strict-transport-security': /max-age=[1-9]/ } : {}),
    };
    const missing = Object.entries(wanted).filter(([name, form]) => !form.test(headers.get(name) ?? ''));
    if (missing.length === 0) return pass('the page of the sign-in has its headers');
    const names = missing.map(([name]) => name).join(', ');
    return fail(
      `without, or with another: ${names}`,
      'let proxies pass these headers, and let the app set none of its own there',
    );
  },
};

/** A browser keeps the session where scripts and other sites cannot use it. */
export const cookie: Step = {
  name: 'cookie',
  needs: AN_ACCOUNT,
  async run({ installation, email, password }) {
    const answer = await installation.call('POST', '/login?transport=cookie', { body: { email, password } });
    const session = answer.headers.getSetCookie().find((one) => /^[^=]*session=/.test(one));
    if (session === undefined)
      return fail(`a sign-in by cookie answered ${told(answer)} without one`, UPDATE);
    if ('access_token' in answer.body) return fail('a sign-in by cookie shows its token to scripts', UPDATE);
    const [pair = '', ...flags] = session.split(/;\s*/);
    const missing = flagsFor(installation.isSecure).filter((flag) => !flags.some((one) => flag.test(one)));
    if (missing.length > 0)
      return fail(`the cookie lacks ${missing.map(({ source }) => source).join(', ')}`, UPDATE);
    if (installation.isSecure && !pair.startsWith('__Host-')) {
      return fail('the cookie is not bound to its host (__Host-)', 'set base_url to the https address');
    }
    return refusesOtherSites(pair, (headers) => installation.call('POST', '/logout', { headers }));
  },
};

function flagsFor(isSecure: boolean): RegExp[] {
  return [/^HttpOnly$/i, /^SameSite=(Lax|Strict)$/i, /^Path=\/$/i, ...(isSecure ? [/^Secure$/i] : [])];
}

async function refusesOtherSites(
  pair: string,
  logout: (headers: Record<string, string>) => Promise<{ readonly status: number }>,
): Promise<Finding> {
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' };
  const forged = await logout({ cookie: pair, ...foreign });
  if (forged.status !== 403) return fail(`another site could end the session: ${forged.status}`, UPDATE);
  const own = await logout({ cookie: pair, 'sec-fetch-site': 'same-origin' });
  if (own.status !== 200) return fail(`its own site cannot end the session: ${own.status}`, UPDATE);
  return pass('scripts and other sites cannot use it');
}
