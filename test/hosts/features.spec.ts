import { type FeatureName, RegStackModule, type RegStackOptions } from '@regstack/nestjs';
import { routesOf } from '../security/discovery';
import { Host, replacements, SETTINGS } from '../support/host';

/** Routes of each feature. */
const ROUTES: Readonly<Record<FeatureName, readonly string[]>> = {
  registration: [
    'POST /api/auth/register',
    'POST /api/auth/verify',
    'POST /api/auth/resend-verification',
    'GET /account/verify',
    'GET /account/register',
    'POST /account/register',
    'GET /account/check-mail',
    'POST /account/check-mail',
  ],
  login: [
    'POST /api/auth/login',
    'POST /api/auth/login/mfa-confirm',
    'POST /api/auth/login/mfa-resend',
    'POST /api/auth/logout',
    'GET /account/login',
    'POST /account/login',
    'GET /account/mfa-confirm',
    'POST /account/mfa-confirm',
    'GET /account/mfa-resend',
    'POST /account/mfa-resend',
    'POST /account/logout',
  ],
  mfa: [
    'POST /api/auth/phone/start',
    'POST /api/auth/phone/confirm',
    'DELETE /api/auth/phone',
    'POST /api/auth/phone/delete',
    'POST /api/auth/mfa/totp/start',
    'POST /api/auth/mfa/totp/confirm',
    'DELETE /api/auth/mfa/totp',
    'POST /api/auth/mfa/totp/delete',
    'POST /api/auth/mfa/recovery-codes',
    'POST /api/auth/mfa/challenge',
    'GET /account/mfa-enrol',
    'GET /account/factors',
    'GET /account/mfa/totp/start',
    'POST /account/mfa/totp/start',
    'GET /account/mfa/totp/confirm',
    'POST /account/mfa/totp/confirm',
    'GET /account/mfa/totp/delete',
    'POST /account/mfa/totp/delete',
    'GET /account/phone/start',
    'POST /account/phone/start',
    'GET /account/phone/confirm',
    'POST /account/phone/confirm',
    'GET /account/phone/delete',
    'POST /account/phone/delete',
    'GET /account/mfa/recovery-codes',
    'POST /account/mfa/recovery-codes',
    'GET /account/mfa/challenge',
    'POST /account/mfa/challenge',
  ],
  account: [
    'GET /api/auth/me',
    'PATCH /api/auth/me',
    'DELETE /api/auth/account',
    'POST /api/auth/account/delete',
    'POST /account/me',
    'GET /account/delete-account',
    'POST /account/delete-account',
  ],
  password: [
    'POST /api/auth/forgot-password',
    'POST /api/auth/reset-password',
    'POST /api/auth/change-password',
    'POST /api/auth/reauthenticate',
    'GET /account/reset',
    'GET /account/forgot',
    'POST /account/forgot',
    'GET /account/change-password',
    'POST /account/change-password',
    'GET /account/reauthenticate',
    'POST /account/reauthenticate',
  ],
  'email-change': [
    'POST /api/auth/change-email',
    'POST /api/auth/confirm-email-change',
    'POST /api/auth/undo-email-change',
    'GET /account/confirm-email-change',
    'GET /account/undo-email-change',
    'GET /account/change-email',
    'POST /account/change-email',
  ],
  sessions: [
    'GET /api/auth/sessions',
    'DELETE /api/auth/sessions/1',
    'POST /api/auth/sessions/revoke-others',
    'GET /account/sessions',
    'GET /account/sessions/end',
    'POST /account/sessions/end',
    'GET /account/sessions/revoke-others',
    'POST /account/sessions/revoke-others',
  ],
  admin: [
    'GET /api/auth/admin/stats',
    'GET /api/auth/admin/users',
    'PATCH /api/auth/admin/users/1',
    'GET /api/auth/admin/audit',
    'GET /api/auth/admin/pending-registrations',
    'GET /api/auth/admin/outbox',
    'POST /api/auth/admin/outbox/1/retry',
    'GET /account/admin',
    'GET /account/admin/users/1',
    'POST /account/admin/users/1',
    'POST /account/admin/users/1/delete',
    'GET /account/admin/registrations',
    'GET /account/admin/audit',
    'GET /account/admin/outbox',
    'POST /account/admin/outbox/1/retry',
  ],
  health: ['GET /api/auth/health/live', 'GET /api/auth/health/ready'],
};
/** Nothing, as JSON and as a form. */
const TEXTS = { 'application/json': '{}', 'application/x-www-form-urlencoded': '' } as const;
const FEATURES = Object.keys(ROUTES) as FeatureName[];
const ALL = Object.values(ROUTES).flat();
/** The page that all others lead to. */
const HOME = 'GET /account/me';

describe('features', () => {
  let host: Host;
  afterEach(() => host.stop());

  const start = async (leaveOut: readonly FeatureName[], settings: RegStackOptions = {}): Promise<void> => {
    const { providers } = replacements();
    const options = {
      ...SETTINGS,
      enableAdminRouter: true,
      enableUiRouter: true,
      ...settings,
      leaveOut,
      providers,
    };
    host = await Host.start({ imports: [RegStackModule.forRoot(options)] });
  };

  /** The routes that are there: a refusal of ours says its code, or is a page. */
  const answering = async (): Promise<string[]> => {
    const there = await Promise.all(
      [HOME, ...ALL].map(async (route) => {
        const [method, path] = route.split(' ') as [string, string];
        const type = path.startsWith('/account/') ? 'application/x-www-form-urlencoded' : 'application/json';
        const sent = method === 'GET' ? {} : { headers: { 'content-type': type }, body: TEXTS[type] };
        const answer = await fetch(host.url + path, { method, redirect: 'manual', ...sent });
        const isOurs = /"code":|<html/.test(await answer.text());
        return answer.status !== 404 || isOurs ? [route] : [];
      }),
    );
    return there.flat();
  };

  it('are all there by default', async () => {
    await start([]);
    expect(await answering()).toEqual([HOME, ...ALL]);
  });

  it('every page but that of the account belongs to one of them', async () => {
    await start([]);
    const pages = routesOf(host.app).filter(({ kind }) => kind === 'page');
    const known = (path: string): boolean =>
      path === '/account' || ALL.some((route) => path.replace(':id', '1').startsWith(route.split(' ')[1]!));
    expect(pages.map(({ path }) => path).filter((path) => !known(path))).toEqual([]);
  });

  it.each(FEATURES)('leaveOut: without %s the app starts, its routes are gone and no others', async (one) => {
    await start([one]);
    expect(await answering()).toEqual([HOME, ...ALL.filter((route) => !ROUTES[one].includes(route))]);
  });

  it.each(['required', 'required_for_superusers'] as const)(
    'leaveOut: mfa_policy = %s needs the routes by which a factor is enrolled',
    async (mfaPolicy) => {
      await expect(start(['mfa'], { mfaPolicy })).rejects.toThrow(
        `mfa_policy = ${mfaPolicy} needs the feature mfa`,
      );
      await start(['mfa'], { mfaPolicy: 'optional' });
    },
  );

  it('leaveOut: all of them', async () => {
    await start(FEATURES);
    expect(await answering()).toEqual([HOME]);
    expect((await host.call('GET', '/orders')).status).toBe(401);
  });
});
