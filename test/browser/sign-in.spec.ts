import { PASSWORD } from '../support/demo';
import { BROWSERS, Lane } from './lane';

const lane = Lane.forSuite();

/** Ways to another origin that redirects have been led by. */
const ELSEWHERE = [
  'https://evil.example/',
  '//evil.example/',
  '///evil.example/',
  '/\\evil.example/',
  '\\\\evil.example/',
  '/\\/evil.example/',
  '/\t/evil.example/',
  '/\n/evil.example/',
  '/%2f/evil.example/',
  '/.//evil.example/',
  '/..//evil.example/',
  '/account/..//evil.example/',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '@evil.example/',
  '/@evil.example/',
  'http:/\\evil.example',
  'http:evil.example',
];

describe.each(BROWSERS)('%s', (_, options) => {
  it('signs in, to their own page, and out; Back shows nothing of the account (G20)', async () => {
    const { email } = await lane.member();
    const visitor = await lane.signedIn(options, email);
    expect([visitor.at, await visitor.heading()]).toEqual(['/account/me', 'Your account']);
    expect(await visitor.text()).toContain(email);
    await visitor.press('Sign out');
    expect(visitor.at).toBe('/account/login?done=signed_out');
    expect(await visitor.text()).toContain('You are signed out.');
    await visitor.back();
    expect(await visitor.text()).not.toContain(email);
    expect(await visitor.heading()).toBe('Sign in');
  });

  it('a wrong password: says so, keeps the address, lets them in with the right one', async () => {
    const { email } = await lane.member();
    const visitor = await lane.visitor(options);
    await visitor.signIn(email, 'not-the-one-0815-at-all');
    expect([visitor.at, await visitor.heading()]).toEqual(['/account/login', 'Sign in']);
    expect(await visitor.text()).toContain('The e-mail address or the password is wrong.');
    expect(await visitor.field('email').inputValue()).toBe(email);
    expect(await visitor.field('password').inputValue()).toBe('');
    await visitor.press('Sign in', { password: PASSWORD });
    expect(visitor.at).toBe('/account/me');
  });

  it('too many wrong ones: a page says for how long, for the right one too', async () => {
    const { email } = await lane.member();
    const visitor = await lane.visitor(options);
    for (let n = 0; n < 5; n++) await visitor.signIn(email, 'not-the-one-0815-at-all');
    await visitor.signIn(email, PASSWORD);
    expect(await visitor.heading()).toBe('Too many attempts');
    expect(await visitor.text()).toMatch(/You can try again in (1[45]) minutes\./);
  });

  it('a page that asks for a sign-in is where it leads to; so is next, which leads nowhere else (W26)', async () => {
    const { email } = await lane.member();
    const visitor = await lane.visitor(options);
    await visitor.open('/account/me');
    expect(visitor.at).toBe('/account/login?next=%2Faccount%2Fme');
    await visitor.open('/account/login?next=/orders');
    await visitor.signIn(email, 'not-the-one-0815-at-all');
    await visitor.press('Sign in', { password: PASSWORD });
    expect([visitor.at, await visitor.text()]).toEqual([
      '/orders',
      JSON.stringify({ customer: email, orders: [] }),
    ]);
    await visitor.open('/account/login?next=/orders');
    expect(visitor.at).toBe('/orders');
  });

  it('W26, R67: next never leads to another origin', async () => {
    const visitor = await lane.signedIn(options);
    for (const next of ELSEWHERE) {
      await visitor.open(`/account/login?${new URLSearchParams({ next }).toString()}`);
      expect([next, new URL(visitor.page.url()).origin]).toEqual([next, lane.demo.url]);
    }
  });
});
