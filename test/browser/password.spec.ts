import { PASSWORD } from '../support/demo';
import { BROWSERS, Lane } from './lane';

const lane = Lane.forSuite();
const OTHER = 'quiet-Harbour-37-lantern';

describe.each(BROWSERS)('%s', (_, options) => {
  it('W44: a forgotten password: asks, clicks the mailed link, sets a new one, signs in with it', async () => {
    const [{ email }, visitor] = [await lane.member(), await lane.visitor(options)];
    await visitor.open('/account/login');
    await visitor.follow('Forgot your password?');
    await visitor.press('Send link', { email });
    expect(await visitor.text()).toContain('a link is on its way');

    await visitor.clickMailedLink(email, 'reset');
    expect([visitor.at, await visitor.heading()]).toEqual(['/account/reset', 'Choose a new password']);
    await visitor.pressUnchecked('Set password', { new_password: 'short' });
    expect(await visitor.heading()).toBe('Choose a new password');
    expect(await visitor.field('new_password').getAttribute('aria-invalid')).toBe('true');
    await visitor.press('Set password', { new_password: OTHER });
    expect(await visitor.heading()).toBe('Your password is set');

    await visitor.follow('Sign in');
    await visitor.signIn(email, PASSWORD);
    expect(visitor.at).toBe('/account/login');
    await visitor.signIn(email, OTHER);
    expect(visitor.at).toBe('/account/me');
  });

  it('changes the password: the wrong one is refused; with the right one everybody signs in anew', async () => {
    const { email } = await lane.member();
    const [visitor, elsewhere] = [await lane.signedIn(options, email), await lane.signedIn(options, email)];
    await visitor.unfold('Password');
    await visitor.press('Change password', { current_password: 'not-the-one-0815', new_password: OTHER });
    expect(visitor.at).toBe('/account/change-password');
    expect(await visitor.text()).toContain('This is not your current password.');
    await visitor.press('Change password', { current_password: PASSWORD, new_password: OTHER });
    expect(visitor.at).toBe('/account/login?done=password_changed');
    await elsewhere.reload();
    expect(await elsewhere.heading()).toBe('Sign in');
    await visitor.signIn(email, OTHER);
    expect(visitor.at).toBe('/account/me');
  });
});
