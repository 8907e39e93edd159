import { Browser } from './browser';
import { whileMails } from './outbox.faults';
import { type Member, Scene, someone } from './scene';

const HOST = { enableAdminRouter: true, enableUiRouter: true };

describe('pages: messages for admins', () => {
  let scene: Scene;
  let admin: Member;
  let browser: Browser;
  beforeAll(async () => {
    scene = await Scene.start(HOST);
    admin = await scene.admin();
    browser = new Browser(scene);
    await browser.signIn(admin.email);
  });
  afterAll(() => scene.close());

  const open = (query = '') => browser.open(`/account/admin/outbox${query}`);
  const buttons = () => browser.page.forms.filter(({ action }) => /\/retry\?[^?]*$/.test(action));
  const stranded = async (): Promise<string> => {
    const email = someone();
    await whileMails('dead', scene, () => scene.register(email));
    return email;
  };

  it('of one that was given up the reason stands there, not to whom it goes or what it says', async () => {
    const email = await stranded();
    const page = await open();
    for (const text of ['Messages', 'Given up', 'registration-verify', 'u…@example.org', 'MailRejectedError'])
      expect(page.text).toContain(text);
    expect(page.html).not.toContain(email);
    expect(page.html).not.toMatch(/token=|alice|secret/);
    expect(buttons()).toHaveLength(1);
  });

  it('is sent again by its button; pressed again it says that it went', async () => {
    const email = await stranded();
    await open('?state=dead');
    const [button] = buttons();
    await browser.send(button!);
    expect([browser.page.path, browser.page.done]).toEqual([
      '/account/admin/outbox?state=dead&done=message_retried',
      'The message is being sent again.',
    ]);
    expect(await scene.mailsTo(email)).toHaveLength(1);
    const refused = await browser.send(button!);
    expect([refused.status, refused.alert]).toEqual([409, 'This message was sent already.']);
    expect((await browser.open(button!.action)).title).toBe('Messages');
  });

  it('one that is there no more, or is of no use any more, is told as such', async () => {
    await stranded();
    await open('?state=dead');
    const button = buttons()[0]!;
    const gone = await browser.send({ ...button, action: button.action.replace(/[^/]+\/retry/, 'x/retry') });
    expect([gone.status, gone.alert]).toEqual([404, 'This message is not there any more.']);
    expect(gone.form({ has: 'state' }).values).toEqual({ state: 'dead' });
    scene.advance(86_401);
    browser = new Browser(scene);
    await browser.signIn(admin.email);
    await open('?state=dead');
    const over = await browser.send(buttons()[0]!);
    expect(over.status).toBe(409);
    expect(over.alert).toContain('used or expired');
  });

  it('the list is narrowed by state and read page by page; what cannot be asked is said at its field', async () => {
    for (let n = 0; n < 3; n++) await stranded();
    await open('?state=dead&limit=2');
    expect(buttons()).toHaveLength(2);
    expect(browser.page.form({ has: 'state' }).values).toEqual({ state: 'dead' });
    const next = /href="([^"]*)" rel="next"/.exec(browser.page.html)![1]!.replaceAll('&amp;', '&');
    expect((await browser.open(next)).text).not.toContain('There are no such messages.');
    await open('?state=queued');
    expect([buttons(), browser.page.text.includes('There are no such messages.')]).toEqual([[], true]);
    expect((await open('?state=gone')).status).toBe(422);
  });

  it('who has been away for too long proves again who they are, and nothing is sent', async () => {
    const email = await stranded();
    await open('?state=dead');
    scene.advance(901);
    expect((await browser.send(buttons()[0]!)).path).toContain('/account/reauthenticate');
    expect(await scene.mailsTo(email)).toEqual([]);
  });
});
