import { PASSWORD, someone } from '../support/demo';
import { BROWSERS, Lane } from './lane';

const lane = Lane.forSuite();

describe.each(BROWSERS)('%s', (_, options) => {
  it('finds a user, disables them, whose browser is out at once, and enables them again', async () => {
    const [{ email }, admin] = [await lane.member(someone('disabled')), await lane.admin()];
    const [visitor, user] = [await lane.signedIn(options, admin.email), await lane.signedIn(options, email)];
    await visitor.follow('Administration');
    expect(await visitor.heading()).toBe('Users');
    await visitor.press('Search', { q: email });
    expect(await visitor.page.locator('table.list tbody tr').count()).toBe(1);
    await visitor.follow(email);
    expect(await visitor.heading()).toBe(email);
    await visitor.press('Disable account');
    expect(await visitor.text()).toContain('The account is disabled');

    await user.reload();
    expect(await user.heading()).toBe('Sign in');
    await user.signIn(email, PASSWORD);
    expect(user.at).not.toBe('/account/me');
    await visitor.press('Enable account');
    await user.signIn(email, PASSWORD);
    expect(user.at).toBe('/account/me');
  });

  it('ends all sessions of a user, makes them an admin and takes that away', async () => {
    const [{ email }, admin] = [await lane.member(someone('promoted')), await lane.admin()];
    const [visitor, user] = [await lane.signedIn(options, admin.email), await lane.signedIn(options, email)];
    await visitor.open(`/account/admin?q=${email}`);
    await visitor.follow(email);
    await visitor.press('End all sessions');
    await user.reload();
    expect(await user.heading()).toBe('Sign in');
    await user.signIn(email, PASSWORD);
    expect(await user.text()).not.toContain('Administration');

    await visitor.press('Make admin');
    expect(await visitor.text()).toContain('The user is an admin now.');
    await user.reload();
    if (user.at !== '/account/me') await user.signIn(email, PASSWORD);
    await user.follow('Administration');
    expect(await user.heading()).toBe('Users');
    await visitor.press('Remove admin rights');
    await user.reload();
    expect(await user.heading()).not.toBe('Users');
  });

  it('changes name and roles, deletes a user, and sees all of it in the audit log', async () => {
    const [{ email }, admin] = [await lane.member(someone('deleted')), await lane.admin()];
    const visitor = await lane.signedIn(options, admin.email);
    await visitor.open(`/account/admin?q=${email}`);
    await visitor.follow(email);
    await visitor.press('Save', { full_name: 'Grace', roles: 'support\nbilling' });
    expect(await visitor.text()).toMatch(/Grace[^]*billing/);
    await visitor.follow('All events of this user');
    expect(await visitor.heading()).toBe('Audit log');
    expect(await visitor.page.locator('table.list tbody tr').count()).toBeGreaterThan(1);
    await visitor.open(`/account/admin?q=${email}`);
    await visitor.follow(email);
    await visitor.press('Delete account', { confirm: 'yes' });
    expect(visitor.at).toBe('/account/admin?done=user_deleted');
    await visitor.press('Search', { q: email });
    expect(await visitor.text()).toContain('No user matches.');
  });

  it('makes an account of a registration that waits', async () => {
    const [email, admin] = [someone('waiting'), await lane.admin()];
    const visitor = await lane.signedIn(options, admin.email);
    await lane.demo.call('POST', '/register', { email, password: PASSWORD });
    await visitor.open('/account/admin/registrations');
    const row = visitor.page.locator('tbody tr', { hasText: email });
    await visitor.leadsOn(row.getByRole('button', { name: 'Make account' }));
    expect(await visitor.text()).toContain('The registration is an account now.');
    const user = await lane.signedIn(options, email);
    expect(user.at).toBe('/account/me');
  });

  it('what an admin does needs a fresh sign-in; nobody else gets there', async () => {
    const [{ email }, admin] = [await lane.member(), await lane.admin()];
    const [visitor, user] = [await lane.signedIn(options, admin.email), await lane.signedIn(options, email)];
    await visitor.open(`/account/admin?q=${email}`);
    await visitor.follow(email);
    const page = visitor.at;
    lane.makeStale();
    await visitor.press('Disable account');
    expect(await visitor.heading()).toBe('Is it still you?');
    await visitor.press('Go on', { current_password: PASSWORD });
    expect(visitor.at).toBe(page);
    expect(await visitor.page.getByRole('button', { name: 'Disable account' }).count()).toBe(1);
    for (const path of ['/account/admin', '/account/admin/audit', page]) {
      await user.open(path);
      expect(await user.text()).not.toContain(admin.email);
      expect(await user.heading()).toBe('That did not work');
    }
  });
});
