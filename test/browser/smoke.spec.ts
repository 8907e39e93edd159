import { PASSWORD, someone } from '../support/demo';
import { BROWSERS, Lane } from './lane';

const lane = Lane.forSuite();

/** Of the accent colour, which only the style sheets know. */
const BACKGROUND = `getComputedStyle(document.querySelector('button[type="submit"]:not(.link)')).backgroundColor`;

describe.each(BROWSERS)('%s', (_, options) => {
  it('W44: a mailed link is clicked, its button pressed, and its owner signs in', async () => {
    const [email, visitor] = [someone(), await lane.visitor(options)];
    await lane.demo.call('POST', '/register', { email, password: PASSWORD });
    await visitor.clickMailedLink(email, 'verify');
    expect(visitor.at).toBe('/account/verify');
    await visitor.press('Confirm address');
    expect(await visitor.heading()).toBe('Your address is confirmed');
    await visitor.signIn(email, PASSWORD);
    expect(visitor.at).toBe('/account/me');
    await visitor.press('Sign out');
    expect(await visitor.heading()).toBe('Sign in');
  });

  it('the style sheets are there, and so is the script', async () => {
    const { page } = await lane.visitor(options);
    // Else the colour may be on its way from the one that buttons have by themselves.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.goto('/account/login');
    expect(await page.evaluate(BACKGROUND)).not.toMatch(/rgba\(0, 0, 0, 0\)|rgb\(239, 239, 239\)/);
    expect(await page.getByRole('button', { name: 'Show password' }).count()).toBe(options.script ? 1 : 0);
  });
});
