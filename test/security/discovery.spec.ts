import { type DemoRoutes, demoRoutes } from './demo-app';

describe('G01: the generator finds the routes by itself', () => {
  let found: DemoRoutes;
  beforeAll(async () => {
    found = await demoRoutes();
  });

  it('all that the router was given, and nothing else', () => {
    const described = found.routes.map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual(found.router.toSorted());
  });

  it('among them those that are known today, with the fields of their bodies', () => {
    expect(found.routes).toEqual(
      expect.arrayContaining([
        route('POST', '/api/auth/register', 'api', ['email', 'password', 'full_name']),
        route('POST', '/api/auth/verify', 'api', ['token', 'new_password']),
        route('POST', '/api/auth/change-email', 'api', ['new_email', 'current_password']),
        route('POST', '/api/auth/login', 'api', ['email', 'password'], ['transport']),
        route('POST', '/api/auth/login/mfa-confirm', 'api', [
          'mfa_pending_token',
          'code',
          'method',
          'trust_device',
        ]),
        route('POST', '/api/auth/login/mfa-resend', 'api', ['mfa_pending_token']),
        route('POST', '/api/auth/logout', 'api', []),
        route('POST', '/api/auth/phone/start', 'api', [
          'phone_number',
          'mfa_pending_token',
          'current_password',
          'code',
        ]),
        route('POST', '/api/auth/phone/confirm', 'api', ['pending_token', 'code', 'mfa_pending_token']),
        route('DELETE', '/api/auth/phone', 'api', ['current_password', 'code']),
        route('POST', '/api/auth/phone/delete', 'api', ['current_password', 'code']),
        route('POST', '/api/auth/mfa/totp/start', 'api', ['mfa_pending_token', 'current_password', 'code']),
        route('POST', '/api/auth/mfa/totp/confirm', 'api', ['pending_token', 'code', 'mfa_pending_token']),
        route('DELETE', '/api/auth/mfa/totp', 'api', ['current_password', 'code']),
        route('POST', '/api/auth/mfa/totp/delete', 'api', ['current_password', 'code']),
        route('POST', '/api/auth/mfa/recovery-codes', 'api', ['current_password', 'code']),
        route('POST', '/api/auth/mfa/challenge', 'api', []),
        route('GET', '/api/auth/me', 'api', []),
        route('PATCH', '/api/auth/me', 'api', ['full_name', 'attributes']),
        route('DELETE', '/api/auth/account', 'api', ['current_password']),
        route('POST', '/api/auth/account/delete', 'api', ['current_password']),
        route('GET', '/api/auth/sessions', 'api', []),
        route('DELETE', '/api/auth/sessions/:id', 'api', [], ['id']),
        route('POST', '/api/auth/sessions/revoke-others', 'api', []),
        route('GET', '/api/auth/admin/users', 'api', [], ['q', 'limit']),
        route('PATCH', '/api/auth/admin/users/:id', 'api', ['is_active', 'roles'], ['id']),
        route('DELETE', '/api/auth/admin/users/:id', 'api', [], ['id']),
        route('POST', '/api/auth/admin/users/:id/revoke-sessions', 'api', [], ['id']),
        route('GET', '/api/auth/admin/audit', 'api', [], ['kind', 'cursor']),
        route('GET', '/api/auth/admin/outbox', 'api', [], ['state', 'cursor']),
        route('POST', '/api/auth/admin/outbox/:id/retry', 'api', [], ['id']),
        route('GET', '/api/auth/health/live', 'api', []),
        route('GET', '/account/verify', 'page', []),
        route('POST', '/account/verify', 'page', ['token_hash', 'new_password']),
        route('GET', '/account/login', 'page', []),
        route('POST', '/account/login', 'page', ['email', 'password']),
        route('POST', '/account/logout', 'page', []),
        route('POST', '/account/me', 'page', ['full_name']),
        route('POST', '/account/register', 'page', ['email', 'password', 'full_name']),
        route('POST', '/account/change-password', 'page', ['current_password', 'new_password']),
        route('POST', '/account/mfa-confirm', 'page', ['code']),
        route('POST', '/account/mfa/totp/start', 'page', ['current_password', 'code']),
        route('POST', '/account/sessions/end', 'page', ['id']),
        route('GET', '/account/admin/users/:id', 'page', [], ['id']),
        route('POST', '/account/admin/users/:id/delete', 'page', ['confirm'], ['id']),
        route('GET', '/orders', 'host', []),
      ]),
    );
  });

  it('and the fields of queries, apart from those of bodies', () => {
    const users = found.routes.find(
      ({ method, path }) => `${method} ${path}` === 'GET /api/auth/admin/users',
    )!;
    expect(users.queries).toEqual(expect.arrayContaining(['q', 'is_active', 'cursor', 'skip', 'limit']));
    expect(found.routes.find(({ path }) => path === '/api/auth/login')!.queries).toEqual(['transport']);
    expect(found.routes.find(({ path }) => path === '/api/auth/verify')!.queries).toEqual([]);
  });
});

const route = (
  method: string,
  path: string,
  kind: string,
  fields: string[],
  takes: string[] = [],
): unknown => ({
  method,
  path,
  kind,
  fields: fields.length === 0 ? [] : expect.arrayContaining(fields),
  queries: expect.any(Array),
  takes: takes.length === 0 ? [] : expect.arrayContaining(takes),
});
