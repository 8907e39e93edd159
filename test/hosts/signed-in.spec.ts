import { RegStackModule, type RegStackModuleOptions } from '@regstack/nestjs';
import { signedIn } from '@regstack/nestjs/testing';
import { HOST_CONTROLLERS } from '../support/guarded.controllers';
import { Host, replacements, SETTINGS } from '../support/host';

describe('signedIn(): somebody in an app under test', () => {
  let host: Host;
  const start = async (settings: RegStackModuleOptions = {}): Promise<void> => {
    const { providers } = replacements();
    const all = { ...SETTINGS, enableAdminRouter: true, providers, ...(settings as object) };
    const module = RegStackModule.forRoot(all);
    host = await Host.start({ imports: [module], controllers: HOST_CONTROLLERS });
  };
  afterEach(() => host.stop());
  const status = async (path: string, token: string): Promise<number> =>
    (await host.call('GET', path, undefined, token)).status;

  it('passes the guard as an account of its own, each time another one', async () => {
    await start();
    const [one, two] = [await signedIn(host.app), await signedIn(host.app)];
    expect(one.user.id).not.toBe(two.user.id);
    const { json } = await host.call('GET', '/api/auth/me', undefined, one.accessToken);
    expect(json).toMatchObject({
      id: one.user.id,
      email: one.user.email,
      is_verified: true,
      is_superuser: false,
    });
    expect(await status('/host/editors', one.accessToken)).toBe(403);
    expect(await status('/api/auth/admin/stats', one.accessToken)).toBe(403);
  });

  it('is who it is asked to be', async () => {
    await start();
    const who = {
      email: 'Ann@Example.org',
      fullName: 'Ann',
      roles: ['editor'],
      attributes: { plan: 'gold' },
    };
    const { user, accessToken } = await signedIn(host.app, { ...who, isSuperuser: true });
    expect(user).toMatchObject({ ...who, email: 'ann@example.org', isSuperuser: true });
    expect(await status('/host/editors', accessToken)).toBe(200);
    expect(await status('/api/auth/admin/stats', accessToken)).toBe(200);
    await expect(signedIn(host.app, { email: 'ann@example.org' })).rejects.toThrow();
  });

  it('says why it cannot sign in', async () => {
    await start({ mfaPolicy: 'required' });
    await expect(signedIn(host.app)).rejects.toThrow('mfa_policy asks');
  });
});
