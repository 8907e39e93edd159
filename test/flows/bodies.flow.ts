import { outcome, Scene } from './scene';

/** Routes that take no fields, with the path of somebody who is not there. */
const WITHOUT_FIELDS = [
  ['POST', '/logout'],
  ['POST', '/sessions/revoke-others'],
  ['DELETE', '/sessions/x'],
  ['POST', '/mfa/challenge'],
  ['DELETE', '/admin/users/x'],
  ['POST', '/admin/users/x/resend-verification'],
  ['POST', '/admin/users/x/revoke-sessions'],
  ['POST', '/admin/outbox/x/retry'],
  ['POST', '/admin/pending-registrations/x/promote'],
] as const;

describe('bodies', () => {
  it('a route without fields refuses any, and does nothing then; none, or an empty object, is none', async () => {
    const scene = await Scene.start({ enableAdminRouter: true });
    const admin = await scene.admin();
    const invalid = [422, 'request.invalid'];
    for (const [method, path] of WITHOUT_FIELDS) {
      for (const body of [{ x: 1 }, [], null, 'x', 1, { constructor: 1 }])
        expect([path, body, outcome(await scene.ask(method, path, body, admin))]).toEqual([
          path,
          body,
          invalid,
        ]);
      if (path !== '/logout') expect(outcome(await scene.ask(method, path, {}, admin))).not.toEqual(invalid);
    }
    expect(outcome(await scene.ask('POST', '/logout', undefined, admin))[0]).toBe(200);
    await scene.close();
  });

  it('what is switched off is off, whatever is sent to it', async () => {
    const scene = await Scene.start({ allowRegistration: false, enablePasswordReset: false });
    for (const body of [undefined, {}, { x: 1 }, { email: 'nobody' }]) {
      expect(outcome(await scene.post('/register', body))).toEqual([403, 'registration.closed']);
      for (const path of ['/forgot-password', '/reset-password'])
        expect(outcome(await scene.post(path, body))).toEqual([404, 'feature.disabled']);
    }
    await scene.close();
  });
});
