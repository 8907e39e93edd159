import type { Locator } from 'playwright-core';
import { PASSWORD, someone } from '../support/demo';
import { BROWSERS, Lane } from './lane';
import type { Visitor } from './visitor';

const lane = Lane.forSuite();

/** Tab until the focus is there. */
async function tabTo(visitor: Visitor, goal: Locator): Promise<void> {
  for (let n = 0; n < 40; n++) {
    if (await goal.evaluate((one) => one === one.ownerDocument.activeElement)) return;
    await visitor.page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not lead to ${goal.toString()}`);
}

async function type(visitor: Visitor, field: string, text: string): Promise<void> {
  await tabTo(visitor, visitor.field(field));
  await visitor.page.keyboard.type(text);
}

/** Presses a key that leads to another page. */
async function press(visitor: Visitor, key: string): Promise<void> {
  await Promise.all([visitor.page.waitForEvent('load'), visitor.page.keyboard.press(key)]);
}

async function activate(visitor: Visitor, role: 'link' | 'button', name: string): Promise<void> {
  await tabTo(visitor, visitor.page.getByRole(role, { name, exact: true }));
  await press(visitor, 'Enter');
}

describe.each(BROWSERS)('by keyboard only, %s', (_, options) => {
  it('registers, confirms, signs in, changes the name and signs out', async () => {
    const [email, visitor] = [someone(), await lane.visitor(options)];
    await visitor.open('/account/login');
    await activate(visitor, 'link', 'Create one');
    await type(visitor, 'email', email);
    await type(visitor, 'password', PASSWORD);
    await press(visitor, 'Enter');
    expect(visitor.at).toBe('/account/check-mail');

    await visitor.clickMailedLink(email, 'verify');
    await activate(visitor, 'button', 'Confirm address');
    await activate(visitor, 'link', 'Sign in');
    await type(visitor, 'email', email);
    await type(visitor, 'password', PASSWORD);
    await activate(visitor, 'button', 'Sign in');
    expect(visitor.at).toBe('/account/me');

    await tabTo(visitor, visitor.page.locator('summary').first());
    await visitor.page.keyboard.press('Enter');
    await type(visitor, 'full_name', 'Ada');
    await press(visitor, 'Enter');
    expect(visitor.at).toBe('/account/me?done=profile');
    await activate(visitor, 'button', 'Sign out');
    expect(visitor.at).toBe('/account/login?done=signed_out');
  });

  it('after an error the focus is where it is told, and Tab goes on from there to the form', async () => {
    const visitor = await lane.visitor(options);
    await visitor.open('/account/login');
    await type(visitor, 'email', someone());
    await type(visitor, 'password', PASSWORD);
    await press(visitor, 'Enter');
    expect(await visitor.focused()).toContain('class="summary"');
    await type(visitor, 'password', PASSWORD);
    expect(await visitor.field('password').inputValue()).toBe(PASSWORD);
  });
});
