import { PASSWORD, someone } from '../support/demo';
import { BROWSERS, Lane } from './lane';

const lane = Lane.forSuite();

describe.each(BROWSERS)('%s', (_, options) => {
  it('W44: registers, clicks the mailed link, confirms, signs in, looks at their account, signs out', async () => {
    const [email, visitor] = [someone(), await lane.visitor(options)];
    await visitor.open('/account/login');
    await visitor.follow('Create one');
    await visitor.press('Create account', { full_name: 'Ada', email, password: PASSWORD });
    expect([visitor.at, await visitor.heading()]).toEqual(['/account/check-mail', 'Look into your mailbox']);

    await visitor.clickMailedLink(email, 'verify');
    expect([visitor.at, await visitor.heading()]).toEqual(['/account/verify', 'Confirm your e-mail address']);
    await visitor.press('Confirm address');
    expect([visitor.at, await visitor.heading()]).toEqual([
      '/account/verify?done',
      'Your address is confirmed',
    ]);

    await visitor.follow('Sign in');
    await visitor.signIn(email, PASSWORD);
    expect([visitor.at, await visitor.heading()]).toEqual(['/account/me', 'Your account']);
    expect(await visitor.text()).toContain('Ada');
    await visitor.press('Sign out');
    expect(await visitor.text()).toContain('You are signed out.');
  });

  it('R34: opening the link again and again changes nothing; pressed twice, the second page says so', async () => {
    const [email, visitor] = [someone(), await lane.visitor(options)];
    await lane.demo.call('POST', '/register', { email, password: PASSWORD });
    for (let n = 0; n < 3; n++) await visitor.clickMailedLink(email, 'verify');
    expect((await lane.demo.call('POST', '/login', { email, password: PASSWORD })).status).not.toBe(200);
    await visitor.press('Confirm address');
    await visitor.clickMailedLink(email, 'verify');
    expect(await visitor.heading()).toBe('That did not work');
    expect((await lane.demo.call('POST', '/login', { email, password: PASSWORD })).status).toBe(200);
  });

  it('no mail came: asks for another link, and the new one works', async () => {
    const [email, visitor] = [someone(), await lane.visitor(options)];
    await visitor.open('/account/register');
    await visitor.press('Create account', { email, password: PASSWORD });
    await lane.mail(email, 'verify');
    await visitor.press('Send another link', { email });
    expect(await visitor.text()).toContain('another link is on its way');
    await visitor.clickMailedLink(email, 'verify', 2);
    await visitor.press('Confirm address');
    await visitor.signIn(email, PASSWORD);
    expect(visitor.at).toBe('/account/me');
  });

  it.each([
    ['email', { email: 'nobody', password: PASSWORD }],
    ['password', { email: someone(), password: 'xyz-short-1' }],
  ])('what is wrong stands beside %s; what was typed is kept, but for the password', async (wrong, typed) => {
    const visitor = await lane.visitor(options);
    await visitor.open('/account/register');
    await visitor.pressUnchecked('Create account', { full_name: 'Ada', ...typed });
    expect(await visitor.field('full_name').inputValue()).toBe('Ada');
    expect(await visitor.field('email').inputValue()).toBe(typed.email);
    expect(await visitor.field('password').inputValue()).toBe('');
    const field = visitor.field(wrong);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    const [id] = (await field.getAttribute('aria-describedby'))!.split(' ');
    expect(await visitor.page.locator(`[id="${id}"]`).innerText()).not.toBe('');
  });

  it('W26: next survives the way over the registration page', async () => {
    const visitor = await lane.visitor(options);
    await visitor.open('/account/login?next=/orders');
    await visitor.follow('Create one');
    expect(visitor.at).toBe('/account/register?next=%2Forders');
    await visitor.follow('Sign in');
    await visitor.signIn((await lane.member()).email, PASSWORD);
    expect(visitor.at).toBe('/orders');
  });
});
