import { PASSWORD } from '../support/demo';
import { aNumber, appCode } from '../support/second-factor';
import { BROWSERS, Lane } from './lane';

const lane = Lane.forSuite({ REGSTACK_MFA_POLICY: 'required', REGSTACK_MFA_TRUSTED_DEVICE_DAYS: '30' });

describe.each(BROWSERS)('where a second factor is required, %s', (_, options) => {
  it('a sign-in leads to setting up an app first, and from there to where it was going', async () => {
    const { email } = await lane.member();
    const visitor = await lane.visitor(options);
    await visitor.open('/account/login?next=/orders');
    await visitor.signIn(email, PASSWORD);
    expect([visitor.at, await visitor.heading()]).toEqual([
      '/account/mfa-enrol?next=%2Forders',
      'Protect your account',
    ]);
    await visitor.open('/account/me');
    expect(await visitor.heading()).toBe('Sign in');
    await visitor.open('/account/mfa-enrol?next=%2Forders');
    await visitor.press('Set up an authenticator app');
    const secret = (await visitor.page.locator('code.secret').innerText()).replaceAll(/\s/g, '');
    visitor.knows(secret);
    await visitor.press('Turn on', { code: appCode(secret) });
    visitor.knows(...(await visitor.page.locator('.codes code').allInnerTexts()));
    await visitor.follow('I have kept them');
    expect(visitor.at).toBe('/orders');
  });

  it('or to a phone number; a device that is trusted then is not asked again', async () => {
    const [{ email }, number] = [await lane.member(), aNumber()];
    const visitor = await lane.signedIn(options, email);
    await visitor.follow('Add a phone number');
    await visitor.press('Send a code', { phone_number: number });
    await visitor.press('Confirm the number', { code: await lane.sms.codeTo(number) });
    expect(await visitor.heading()).toBe('Your account');

    await visitor.press('Sign out');
    await visitor.signIn(email, PASSWORD);
    await visitor.press('Sign in', { trust_device: 'yes', code: await lane.sms.codeTo(number, 2) });
    expect(visitor.at).toBe('/account/me');
    await visitor.press('Sign out');
    await visitor.signIn(email, PASSWORD);
    expect(visitor.at).toBe('/account/me');
    await visitor.follow('Sessions');
    expect(await visitor.text()).toContain('Trusted devices');
  });
});
