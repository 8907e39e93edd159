import { type ExecutionContext, Logger } from '@nestjs/common';
import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { AccountError } from '../kernel/errors';
import type { SecurityLog } from '../services/security-log';
import type { Authentication } from '../services/session-authenticator';
import { FakeClock } from '../testing/fake-clock';
import { OptionalAuth, SwitchedBy } from './access';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';
import type { CallerFinder } from './caller.finder';
import { EnrolmentGuard } from './enrolment.guard';
import type { Origins } from './origins';
import { ProblemException } from './problem.exception';

const CALLER = { user: { id: 'alice', roles: [] }, sessionId: 'a session' } as unknown as Authentication;

@OptionalAuth()
class Enrolments {
  @SwitchedBy('smsEnrolment') phone(): void {}
  @SwitchedBy('totpEnrolment') app(): void {}
}

describe('EnrolmentGuard', () => {
  let found: () => Promise<Authentication | null>;
  const find = jest.fn(async (request: AuthenticatedRequest) => {
    const caller = await found();
    request[AUTHENTICATION] = { by: callers, caller };
    return caller;
  });
  const callers = { find } as unknown as CallerFinder;
  const guardOf = (options: RegStackOptions = {}): EnrolmentGuard => {
    const config = loadRegStackConfig({ jwtSecret: 'x'.repeat(32), ...options }, { env: {} });
    const log = { note: () => {} } as unknown as SecurityLog;
    const adapter = { httpAdapter: { setHeader: () => {} } } as never;
    return new EnrolmentGuard(
      config,
      new FakeClock(),
      callers,
      { of: () => ({}) } as unknown as Origins,
      log,
      adapter,
    );
  };
  beforeEach(() => {
    find.mockClear();
    found = async () => null;
  });

  const enter = async (body: unknown, route: 'phone' | 'app' = 'app', guard = guardOf()): Promise<string> => {
    const request = { method: 'POST', headers: {}, body };
    const context = {
      getClass: () => Enrolments,
      getHandler: () => Enrolments.prototype[route],
      switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({}) }),
    } as unknown as ExecutionContext;
    try {
      return String(await guard.canActivate(context));
    } catch (error) {
      if (error instanceof ProblemException) return error.answer.problem.code;
      return error instanceof AccountError ? error.code : String(error);
    }
  };

  it.each([
    ['a token', { mfa_pending_token: 'anything' }, 'true'],
    ['an empty token, which the service refuses', { mfa_pending_token: '' }, 'true'],
    ['nothing', undefined, 'session.required'],
    ['null', null, 'session.required'],
    ['an empty body', {}, 'session.required'],
    ['another token', { pending_token: 'anything' }, 'session.required'],
    ['a token that is no text', { mfa_pending_token: { $ne: null } }, 'session.required'],
    ['a token that is a list', { mfa_pending_token: ['anything'] }, 'session.required'],
    ['a token that is null', { mfa_pending_token: null }, 'session.required'],
    ['a list', ['mfa_pending_token'], 'session.required'],
    ['text', 'mfa_pending_token', 'session.required'],
  ])('nobody signed in, with %s', async (_, body, expected) => {
    expect(await enter(body)).toBe(expected);
  });

  it.each([{}, undefined, { mfa_pending_token: 'anything' }])(
    'who is signed in passes, with %j',
    async (body) => {
      found = async () => CALLER;
      expect(await enter(body)).toBe('true');
    },
  );

  it.each(['request.cross_site', 'service.unavailable'] as const)(
    'a token is no way around %s',
    async (code) => {
      const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
      found = async () => {
        throw new AccountError(code);
      };
      expect(await enter({ mfa_pending_token: 'anything' })).toBe(code);
      error.mockRestore();
    },
  );

  it.each<['phone' | 'app', RegStackOptions]>([
    ['phone', {}],
    ['phone', { enableSms2fa: true, sms: { backend: 'console' }, mfaPolicy: 'off' }],
    ['app', { enableTotp: false }],
    ['app', { mfaPolicy: 'off' }],
  ])('what is switched off is off for everybody, and nobody is looked up: %s, %j', async (route, options) => {
    found = async () => CALLER;
    for (const body of [{}, { mfa_pending_token: 'anything' }])
      expect(await enter(body, route, guardOf(options))).toBe('feature.disabled');
    expect(find).not.toHaveBeenCalled();
  });

  it('what is switched on apart is on', async () => {
    const guard = guardOf({ enableSms2fa: true, enableTotp: false, sms: { backend: 'console' } });
    expect(await enter({ mfa_pending_token: 'anything' }, 'phone', guard)).toBe('true');
  });
});
