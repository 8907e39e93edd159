import { PASSWORD } from '../support/demo';
import { BROWSERS, Lane } from './lane';

const lane = Lane.forSuite();

describe.each(BROWSERS)('%s', (_, options) => {
  it('changes the name, whatever stands in it (R78), and takes it away again', async () => {
    const name = `"><img src=x onerror=alert(1)><script>alert(1)</script>{{ 1 | plus: 1 }}'Ada`;
    const visitor = await lane.signedIn(options);
    await visitor.unfold('Name');
    await visitor.press('Save', { full_name: name });
    expect(visitor.at).toBe('/account/me?done=profile');
    expect(await visitor.text()).toContain(name);
    await visitor.unfold('Name');
    await visitor.press('Save', { full_name: '' });
    expect(await visitor.text()).not.toContain('Ada');
  });

  it('deletes the account, and is told at the sign-in that it is gone', async () => {
    const { email } = await lane.member();
    const visitor = await lane.signedIn(options, email);
    await visitor.unfold('Delete account');
    await visitor.press('Delete account', { current_password: 'not-the-one-0815', confirm: 'yes' });
    expect(await visitor.text()).toContain('This is not your current password.');
    await visitor.press('Delete account', { current_password: PASSWORD, confirm: 'yes' });
    expect(visitor.at).toBe('/account/login?done=deleted');
    expect(await visitor.text()).toContain('Your account is deleted.');
    await visitor.signIn(email, PASSWORD);
    expect(await visitor.text()).toContain('The e-mail address or the password is wrong.');
    await visitor.back();
    expect(await visitor.text()).not.toContain('Your account\n');
  });

  it('W42: sees where they are signed in, ends another session, and all others', async () => {
    const { email } = await lane.member();
    const [visitor, phone, tablet] = [
      await lane.signedIn(options, email),
      await lane.signedIn(options, email),
      await lane.signedIn(options, email),
    ];
    await visitor.follow('Sessions');
    expect(
      await visitor.page.locator('table.list').first().locator('tbody tr').count(),
    ).toBeGreaterThanOrEqual(3);
    const others = visitor.page.locator('tbody tr', { hasNot: visitor.page.locator('.badge') });
    await visitor.leadsOn(others.first().getByRole('button'));
    expect(await visitor.text()).toContain('That device is signed out');
    await Promise.all([phone.open('/account/me'), tablet.open('/account/me')]);
    expect(
      [await phone.heading(), await tablet.heading()].filter((one) => one === 'Sign in').length,
    ).toBeLessThan(2);

    await visitor.press('Sign out everywhere else');
    expect(await visitor.text()).toContain('You are signed out everywhere else.');
    await Promise.all([phone.open('/account/me'), tablet.open('/account/me')]);
    expect([await phone.heading(), await tablet.heading()]).toEqual(['Sign in', 'Sign in']);
    await visitor.open('/account/me');
    expect(await visitor.heading()).toBe('Your account');
  });

  it('what needs a fresh sign-in asks for the password once more, and leads back', async () => {
    const { email } = await lane.member();
    const [visitor, phone] = [await lane.signedIn(options, email), await lane.signedIn(options, email)];
    await visitor.open('/account/sessions');
    lane.makeStale();
    await visitor.press('Sign out everywhere else');
    expect(await visitor.heading()).toBe('Is it still you?');
    await visitor.press('Go on', { current_password: 'not-the-one-0815' });
    expect(await visitor.heading()).toBe('Is it still you?');
    await visitor.press('Go on', { current_password: PASSWORD });
    expect(visitor.at).toBe('/account/sessions');
    await visitor.press('Sign out everywhere else');
    expect(await visitor.text()).toContain('You are signed out everywhere else.');
    await phone.reload();
    expect(await phone.heading()).toBe('Sign in');
  });
});
