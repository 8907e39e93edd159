import { PASSWORD } from '../support/demo';
import { aNumber, appCode } from '../support/second-factor';
import { BROWSERS, Lane } from './lane';
import type { Visitor } from './visitor';
import { SENT_AGAIN } from './witness';

const lane = Lane.forSuite();

/** What the page shows to be typed into an app. */
const secretOn = async (visitor: Visitor): Promise<string> => {
  const secret = (await visitor.page.locator('code.secret').innerText()).replaceAll(/\s/g, '');
  visitor.knows(secret);
  return secret;
};

/** The codes that are shown once. */
const codesOn = async (visitor: Visitor): Promise<string[]> => {
  const codes = await visitor.page.locator('.codes code').allInnerTexts();
  visitor.knows(...codes);
  return codes;
};

describe.each(BROWSERS)('%s', (_, options) => {
  it('sets up an app from the key that is shown, keeps the recovery codes, signs in by one and by the other', async () => {
    const { email } = await lane.member();
    const visitor = await lane.signedIn(options, email);
    await visitor.unfold('Second step when you sign in');
    await visitor.follow('Set up an authenticator app');
    await visitor.press('Continue', { current_password: PASSWORD });
    const secret = await secretOn(visitor);
    await visitor.press('Turn on', { code: '000000' });
    expect(await visitor.text()).toContain('The code is wrong.');
    await visitor.press('Turn on', { code: appCode(await secretOn(visitor)) });
    expect(await visitor.heading()).toBe('Your recovery codes');
    const codes = await codesOn(visitor);
    expect(codes).toHaveLength(10);
    await visitor.follow('I have kept them');
    await visitor.open('/account/factors');
    expect(await visitor.text()).toContain('Unused recovery codes: 10.');
    await visitor.back();
    await expect(visitor.back()).rejects.toThrow(SENT_AGAIN);
    await visitor.page.waitForURL(/^chrome-error:/);
    expect(await visitor.text()).not.toContain(codes[0]!);

    await visitor.open('/account/me');
    await visitor.press('Sign out');
    await visitor.signIn(email, PASSWORD);
    expect([visitor.at, await visitor.heading()]).toEqual(['/account/mfa-confirm', 'One more step']);
    await visitor.press('Sign in', { code: '000000' });
    expect(await visitor.text()).toContain('The code is wrong.');
    await visitor.press('Sign in', { code: appCode(secret, 1) });
    expect(visitor.at).toBe('/account/me');

    await visitor.press('Sign out');
    await visitor.open('/account/login?next=/orders');
    await visitor.signIn(email, PASSWORD);
    await visitor.follow('Use a recovery code instead');
    await visitor.press('Sign in', { code: codes[3]! });
    expect(visitor.at).toBe('/orders');
    await visitor.open('/account/factors');
    expect(await visitor.text()).toContain('Unused recovery codes: 9.');
  });

  it('adds a phone number, signs in by text message, asks for another one', async () => {
    const [{ email }, number] = [await lane.member(), aNumber()];
    const visitor = await lane.signedIn(options, email);
    await visitor.open('/account/factors');
    await visitor.follow('Add a phone number');
    await visitor.press('Send a code', { phone_number: number, current_password: PASSWORD });
    expect(visitor.at).toBe('/account/phone/confirm');
    await visitor.press('Confirm the number', { code: await lane.sms.codeTo(number) });
    expect(visitor.at).toBe('/account/factors?done=phone');
    expect(await visitor.text()).toContain(`Codes go to ${number}.`);

    await visitor.press('Sign out');
    await visitor.signIn(email, PASSWORD);
    expect(await visitor.text()).toContain(`your number ending in ${number.slice(-2)}`);
    await lane.sms.codeTo(number, 2);
    await visitor.press('Send a new code');
    await visitor.press('Sign in', { code: await lane.sms.codeTo(number, 3) });
    expect(visitor.at).toBe('/account/me');
  });

  it('removes an app with a code that was sent by text message, then the number with a recovery code', async () => {
    const member = await lane.member();
    const number = await lane.withPhone(member);
    const visitor = await lane.signedIn(options, member.email);
    await visitor.press('Sign in', { code: await lane.sms.codeTo(number, 2) });
    await visitor.open('/account/mfa/recovery-codes');
    await visitor.press('Send me a code by text message');
    expect(await visitor.text()).toContain('A code is on its way to your phone.');
    await visitor.press('Show new codes', {
      current_password: PASSWORD,
      code: await lane.sms.codeTo(number, 3),
    });
    const [before] = await codesOn(visitor);
    await visitor.open('/account/mfa/totp/start');
    await visitor.press('Continue', { current_password: PASSWORD, code: before! });
    await visitor.press('Turn on', { code: appCode(await secretOn(visitor)) });
    const [after = before] = await codesOn(visitor);
    await visitor.open('/account/factors');
    await visitor.follow('Remove the authenticator app');
    await visitor.press('Send me a code by text message');
    const code = await lane.sms.codeTo(number, 4);
    await visitor.press('Remove the authenticator app', { current_password: PASSWORD, code });
    expect(await visitor.text()).toContain('The authenticator app is removed.');

    await visitor.follow('Remove the phone number');
    await visitor.press('Remove the phone number', { current_password: PASSWORD, code: after! });
    expect(await visitor.text()).toContain('The phone number is removed.');
    await visitor.press('Sign out');
    await visitor.signIn(member.email, PASSWORD);
    expect(visitor.at).toBe('/account/me');
  });

  it('too many wrong codes: the sign-in begins again', async () => {
    const member = await lane.member();
    await lane.withApp(member);
    const visitor = await lane.signedIn(options, member.email);
    for (let n = 0; n < 4; n++) await visitor.press('Sign in', { code: '000000' });
    expect(await visitor.heading()).toBe('One more step');
    await visitor.press('Sign in', { code: '000000' });
    if ((await visitor.heading()) === 'One more step') await visitor.press('Sign in', { code: '000000' });
    expect(await visitor.text()).toContain('too many wrong codes');
    await visitor.open('/account/me');
    expect(await visitor.heading()).toBe('Sign in');
  });
});
