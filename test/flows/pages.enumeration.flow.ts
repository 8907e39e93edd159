import { PASSWORD } from '../support/demo';
import { Browser } from './browser';
import { Scene, someone } from './scene';

const PEOPLE = ['unknown', 'waiting', 'verified', 'disabled'] as const;
type Person = (typeof PEOPLE)[number];

/** Pages that everybody can type any address into, with what is typed besides, and what the page that follows is answered with. */
const ASKING: readonly (readonly [string, Readonly<Record<string, string>>, number])[] = [
  ['/account/register', { password: PASSWORD }, 200],
  ['/account/register', { password: 'short' }, 422],
  ['/account/register', { password: PASSWORD, full_name: 'x'.repeat(300) }, 422],
  ['/account/check-mail', {}, 200],
  ['/account/forgot', {}, 200],
];

describe('pages: whose address it is, none of them tells', () => {
  let scene: Scene;
  const emails = Object.fromEntries(PEOPLE.map((one) => [one, someone()])) as Record<Person, string>;
  beforeAll(async () => {
    scene = await Scene.start({ enableUiRouter: true });
    await scene.register(emails.waiting);
    for (const person of ['verified', 'disabled'] as const) await scene.member(emails[person]);
    await scene.disable(emails.disabled);
  });
  afterAll(() => scene.close());

  const headersOf = (headers: Headers, ...without: string[]) =>
    [...headers].filter(([name]) => !['date', 'etag', ...without].includes(name));

  /** The answer to the form, and all of what it leads to that somebody sees, but for the address that they typed. */
  const seenBy = async (email: string, path: string, typed: Readonly<Record<string, string>>) => {
    const browser = new Browser(scene);
    await browser.open(path);
    const form = browser.form({ has: 'email' });
    const answer = await browser.post(path, { ...form.values, ...typed, email });
    const page = await browser.send(form, { ...typed, email });
    const isRedirect = answer.status === 303;
    return {
      statuses: [answer.status, page.status],
      answer: [headersOf(answer.headers), isRedirect && answer.text],
      headers: headersOf(page.headers, 'set-cookie'),
      history: browser.history,
      page: page.html.replace(/(name="form_token" value=")[^"]*/g, '$1').replaceAll(email, ''),
    };
  };

  it.each(ASKING)('R13, R14, R23: %s with %j', async (path, typed, status) => {
    const all = [];
    for (const person of PEOPLE) all.push(await seenBy(emails[person], path, typed));
    for (const one of all) expect(one).toEqual(all[0]);
    expect(all[0]!.statuses).toEqual([status === 200 ? 303 : status, status]);
  });

  it('W17: nor do they when no more mails are sent', async () => {
    for (const [path, typed, status] of ASKING) {
      const all = [];
      for (const person of PEOPLE) {
        for (let n = 0; n < 3; n++) await seenBy(emails[person], path, typed);
        all.push(await seenBy(emails[person], path, typed));
      }
      for (const one of all) expect(one).toEqual(all[0]);
      expect(all[0]!.statuses[1]).toBe(status);
    }
  });
});
