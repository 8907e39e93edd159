import { randomUUID } from 'node:crypto';
import { UsersService } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';
import { Browser } from './browser';
import { Scene } from './scene';
import { SceneAttributes } from './scene.attributes';
import type { ShownPage } from './shown-page';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus=alert(1) x='",
  '{{ 7 | times: 191 }}{% raw %}{email}{{ form_token }}',
  '</title></textarea></option><svg onload=alert(1)>',
  '<!--&lt;&amp;',
];

/** A tag as our views write them: what is no such tag, and no text without brackets and quotes, came from somebody else. */
const TAG = /<(\/?[a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/g;

describe('pages of admins: what users wrote', () => {
  let scene: Scene;
  let browser: Browser;
  beforeAll(async () => {
    scene = await Scene.start({
      ...{ enableAdminRouter: true, enableUiRouter: true, attributes: SceneAttributes },
    });
    const { email } = await scene.admin();
    browser = new Browser(scene);
    await browser.signIn(email);
  });
  afterAll(() => scene.close());

  const harmless = (page: ShownPage): ShownPage => {
    const html = page.html.replace('<!doctype html>', '');
    const tags = [...html.matchAll(TAG)];
    expect(html.replace(TAG, '')).not.toMatch(/[<>"']/);
    expect(tags.filter(([, name]) => /^(img|svg)$/.test(name!))).toEqual([]);
    expect(tags.filter(([, name]) => name === 'script')).toHaveLength(1);
    for (const [, , attributes] of tags)
      expect(attributes!.replace(/="[^"]*"/g, '=')).not.toMatch(/\s(on\w+|style|x)\b/);
    return page;
  };
  const reads = (page: ShownPage, ...texts: readonly string[]): void => {
    const seen = harmless(page).text;
    for (const text of texts) expect(seen).toContain(text.replace(/\s+/g, ' ').trim());
  };

  it.each(HOSTILE)('R78: is text on every page, whatever it is: %s', async (text) => {
    const { app } = scene.stage.host;
    const { users, accounts } = app.get(Store, { strict: false });
    // No such address can be registered; whatever a database holds is text all the same.
    const [id, email] = [randomUUID(), `${text}@example.org`];
    const made = { id, email: email as never, passwordHash: null, fullName: text, createdAt: new Date() };
    // Names of attributes are those of a class of the host.
    const attributes = { nickname: text, settings: { [text]: [text] } };
    await users.create({ ...made, isVerified: false, isSuperuser: false, attributes });
    await accounts.changeAccount(id, { roles: [text] });

    const query = encodeURIComponent(text);
    const list = await browser.open(`/account/admin?q=${query}&done=${query}`);
    reads(list, email);
    expect(list.form({ has: 'q' }).values['q']).toBe(text);
    const page = await browser.open(`/account/admin/users/${id}?done=${query}`);
    reads(page, email, `nickname ${text}`, `settings ${JSON.stringify({ [text]: [text] })}`);
    expect(page.title).toBe(email);
    expect(page.form({ has: 'roles' }).values).toMatchObject({ full_name: text, roles: `\n${text}\n` });
    const typed = { full_name: text.repeat(50), roles: `${text}\n${'x'.repeat(65)}` };
    const refused = await browser.send(page.form({ has: 'roles' }), typed);
    expect([refused.status, refused.errorBeside('full_name')]).toEqual([
      422,
      'It must have 1 to 200 characters.',
    ]);
    expect(harmless(refused).form({ has: 'roles' }).values).toMatchObject({ full_name: typed.full_name });
    for (const path of ['audit?kind=', 'audit?user_id=', 'audit?cursor=', 'registrations?cursor=', 'users/'])
      harmless(await browser.open(`/account/admin/${path}${query}`));
    await app.get(UsersService, { strict: false }).promote(id);
    harmless(await browser.open('/account/admin?is_superuser=true'));
  });

  it('R78: so is what somebody registered with, before they proved anything', async () => {
    for (const [n, full_name] of HOSTILE.entries()) {
      const email = `o'b{{7}}&${n}@example.org`;
      await scene.post('/register', { email, password: 'plum-Tractor-91-violet', full_name });
      reads(await browser.open('/account/admin/registrations'), email, full_name);
    }
  });
});
