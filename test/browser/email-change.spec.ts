import { PASSWORD, someone } from '../support/demo';
import { BROWSERS, Lane } from './lane';
import type { Visitor } from './visitor';

const lane = Lane.forSuite();

describe.each(BROWSERS)('%s', (_, options) => {
  /** Asks for the change and presses the button of the link that it brings. */
  const move = async (visitor: Visitor, to: string): Promise<void> => {
    await visitor.unfold('E-mail address');
    await visitor.press('Send link', { new_email: to, current_password: PASSWORD });
    expect(await visitor.text()).toContain('A link is on its way to the new address.');
    await visitor.clickMailedLink(to, 'confirm-email-change');
    expect([visitor.at, await visitor.heading()]).toEqual([
      '/account/confirm-email-change',
      'Confirm your new e-mail address',
    ]);
    await visitor.press('Confirm new address');
    expect(await visitor.heading()).toBe('Your new address is confirmed');
  };

  it('W44: moves to another address by the mailed link, and signs in with it', async () => {
    const [{ email }, to] = [await lane.member(), someone('new')];
    const visitor = await lane.signedIn(options, email);
    await move(visitor, to);
    await visitor.follow('Sign in');
    await visitor.signIn(email, PASSWORD);
    expect(visitor.at).toBe('/account/login');
    await visitor.signIn(to, PASSWORD);
    expect(await visitor.text()).toContain(to);
  });

  it('W44: the former address takes the account back, and sets a new password by the mail that follows', async () => {
    const [{ email }, to] = [await lane.member(), someone('thief')];
    const [thief, owner] = [await lane.signedIn(options, email), await lane.visitor(options)];
    await move(thief, to);
    await owner.clickMailedLink(email, 'undo-email-change');
    expect(await owner.heading()).toBe('Get your account back');
    await owner.press('Get my account back');
    expect(await owner.heading()).toBe('Your account is back');

    await thief.signIn(to, PASSWORD);
    expect(thief.at).toBe('/account/login');
    await owner.clickMailedLink(email, 'reset');
    await owner.press('Set password', { new_password: 'quiet-Harbour-37-lantern' });
    await owner.signIn(email, 'quiet-Harbour-37-lantern');
    expect(await owner.text()).toContain(email);
  });
});
