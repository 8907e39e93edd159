import { type FeatureName, RegStackModule } from '@regstack/nestjs';
import { Host, replacements, SETTINGS } from '../support/host';

/** Routes of each feature. */
const ROUTES: Readonly<Record<FeatureName, readonly string[]>> = {
  registration: [
    'POST /api/auth/register',
    'POST /api/auth/verify',
    'POST /api/auth/resend-verification',
    'GET /account/verify',
  ],
  login: ['POST /api/auth/login', 'POST /api/auth/logout'],
  account: [
    'GET /api/auth/me',
    'PATCH /api/auth/me',
    'DELETE /api/auth/account',
    'POST /api/auth/account/delete',
  ],
  password: [
    'POST /api/auth/forgot-password',
    'POST /api/auth/reset-password',
    'POST /api/auth/change-password',
    'POST /api/auth/reauthenticate',
    'GET /account/reset',
  ],
  'email-change': [
    'POST /api/auth/change-email',
    'POST /api/auth/confirm-email-change',
    'POST /api/auth/undo-email-change',
    'GET /account/confirm-email-change',
    'GET /account/undo-email-change',
  ],
  sessions: [
    'GET /api/auth/sessions',
    'DELETE /api/auth/sessions/1',
    'POST /api/auth/sessions/revoke-others',
  ],
  admin: [
    'GET /api/auth/admin/stats',
    'GET /api/auth/admin/users',
    'PATCH /api/auth/admin/users/1',
    'GET /api/auth/admin/audit',
    'GET /api/auth/admin/pending-registrations',
  ],
  health: ['GET /api/auth/health/live', 'GET /api/auth/health/ready'],
};
const FEATURES = Object.keys(ROUTES) as FeatureName[];
const ALL = Object.values(ROUTES).flat();

describe('features', () => {
  let host: Host;
  afterEach(() => host.stop());

  const start = async (leaveOut: readonly FeatureName[]): Promise<void> => {
    const { providers } = replacements();
    const options = { ...SETTINGS, enableAdminRouter: true, leaveOut, providers };
    host = await Host.start({ imports: [RegStackModule.forRoot(options)] });
  };

  /** The routes that are there: a refusal of ours says its code. */
  const answering = async (): Promise<string[]> => {
    const there = await Promise.all(
      ALL.map(async (route) => {
        const [method, path] = route.split(' ') as [string, string];
        const { status, json } = await host.call(method, path, method === 'GET' ? undefined : {});
        return status !== 404 || json?.code !== undefined ? [route] : [];
      }),
    );
    return there.flat();
  };

  it('are all there by default', async () => {
    await start([]);
    expect(await answering()).toEqual(ALL);
  });

  it.each(FEATURES)('leaveOut: without %s the app starts, its routes are gone and no others', async (one) => {
    await start([one]);
    expect(await answering()).toEqual(ALL.filter((route) => !ROUTES[one].includes(route)));
  });

  it('leaveOut: all of them', async () => {
    await start(FEATURES);
    expect(await answering()).toEqual([]);
    expect((await host.call('GET', '/orders')).status).toBe(401);
  });
});
