import { PASSWORD } from '../support/demo';
import { readHtml, type Tag } from '../support/plain-html';
import { closePlaces, EMAIL, openPlace, type Place } from './place';
import { formWith, isPage, type Seen, type Visitor } from './visitor';

/** Texts that would become markup, script, a template or a header, where they are put without care. */
const ATTACKS = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>",
  '" onfocus="alert(1)" autofocus="',
  "' onmouseover='alert(1)",
  '` onclick=`alert(1)',
  '</title><script>alert(1)</script>',
  '</main></body></html><script>alert(1)</script>',
  '--><script>alert(1)</script><!--',
  ']]><script>alert(1)</script>',
  '<svg/onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<form action="https://evil.example"><input name="form_token">',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;',
  '&quot; onload=&quot;alert(1)',
  '{{ form_token }}',
  "{% include 'account/me' %}",
  '{% raw %}<script>{% endraw %}',
  '${alert(1)}',
  '<%= 7*7 %>',
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  '\u2028<script>\u2029',
  '\uff1cscript\uff1e',
  '<scr\u0000ipt>',
  'x\r\nset-cookie: a=b',
  '\u202e<b>',
];
/** Names of users may have no control characters. */
const NAMES = ATTACKS.filter((text) => !/[\p{Cc}\u2028\u2029\u202e]/u.test(text));
/** Parameters that pages read, and some that they might: those that would hide the others by a refusal stand alone. */
const QUERIES = [['next', 'done', 'open', 'email', 'error', 'message'], ['q'], ['cursor']];

/** What a browser makes of the elements of a page: names of elements with those of their attributes. */
const partsOf = (tags: readonly Tag[]): string[] =>
  tags.flatMap(({ name, attributes }) => [
    name,
    ...Object.keys(attributes).map((attribute) => `${name} ${attribute}`),
  ]);

/** What is on a page that none of ours has. */
function foreignOn({ html, url }: Seen, known: ReadonlySet<string>): string[] {
  const { tags } = readHtml(html);
  const odd = partsOf(tags).filter((part) => !known.has(part));
  const links = tags.flatMap(({ attributes: { href, src, action } }) => href ?? src ?? action ?? []);
  const away = links.filter((link) => new URL(link, url).origin !== url.origin);
  const scripts = tags.filter(({ name }) => name === 'script').length;
  return [...odd, ...away, ...(scripts > 1 ? ['a second script'] : [])].map((one) => `${url.href}: ${one}`);
}

describe('R78: whatever somebody calls themselves or puts into a URL, it stays text', () => {
  let place: Place;
  let stranger: Visitor;
  let admin: Visitor;
  const known = new Set<string>();
  afterAll(closePlaces);

  beforeAll(async () => {
    place = await openPlace({ requireVerification: false });
    [stranger, admin] = [place.newVisitor(), await place.signedIn()];
    for (const visitor of [stranger, admin]) for (const path of place.pages) learn(await visitor.open(path));
    learn(await refusedSignIn('nobody@example.org'));
    learn(await refusedName('x'.repeat(300)));
    learn(await admin.get('/account/me?done=profile'));
    learn(await admin.get('/account/admin?q=ann'));
    // A tagline, and what leads on to the rest of a list.
    for (const part of ['p class', 'a rel']) known.add(part);
  });

  const learn = (seen: Seen): void => {
    if (isPage(seen)) for (const part of partsOf(readHtml(seen.html).tags)) known.add(part);
  };

  const refusedSignIn = async (email: string): Promise<Seen> => {
    const form = formWith(await stranger.get('/account/login'), 'password');
    return stranger.post(form.action, { ...form.fields, email, password: 'wrong' });
  };

  const refusedName = async (full_name: string): Promise<Seen> => {
    const form = formWith(await admin.get('/account/me'), 'full_name');
    return admin.post(form.action, { ...form.fields, full_name });
  };

  const wrongOn = (pages: readonly Seen[]): string[] =>
    pages.filter(isPage).flatMap((seen) => foreignOn(seen, known));

  it('there is something to be told apart', () => {
    expect(known.size).toBeGreaterThan(40);
    expect([...known].filter((part) => / (on|style|srcdoc|formaction|http-equiv)/.test(part))).toEqual([]);
    for (const [html, odd] of [
      ['<p>a</p><script>alert(1)</script>', 'script'],
      ['<b>a</b>', 'b'],
      ['<p onclick="x">a</p>', 'p onclick'],
    ] as const)
      expect(partsOf(readHtml(html).tags)).toContain(odd);
    for (const html of [
      '<p>a < b</p>',
      "<p title='x'>a</p>",
      '<p>a',
      '<p title="a>b">x</p>',
      'a & b',
      '<!-- x -->',
    ])
      expect(() => readHtml(html)).toThrow();
  });

  it.each(QUERIES)(
    'what stands in the query of every page: %s',
    async (...names) => {
      const isList = (path: string): boolean => path.includes('/admin');
      const paths = names.length > 1 ? place.pages : place.pages.filter(isList);
      for (const attack of ATTACKS) {
        const query = String(
          new URLSearchParams(
            names.map((name): [string, string] => [name, name === 'next' ? `/${attack}` : attack]),
          ),
        );
        for (const visitor of [stranger, admin]) {
          const pages: Seen[] = [];
          for (const path of paths) pages.push(await visitor.open(`${path}?${query}`));
          expect(wrongOn(pages)).toEqual([]);
          expect(pages.filter(({ status }) => status >= 500)).toEqual([]);
        }
      }
    },
    120_000,
  );

  it('what was typed into a form comes back as it was typed', async () => {
    for (const attack of ATTACKS.filter((text) => !/[\r\n\0]/.test(text))) {
      const pages = [await refusedSignIn(attack), await refusedName(attack + 'x'.repeat(300))];
      expect(wrongOn(pages)).toEqual([]);
      expect(formWith(pages[0]!, 'password').fields['email']).toBe(attack);
      expect(formWith(pages[1]!, 'full_name').fields['full_name']).toBe(attack + 'x'.repeat(300));
    }
  });

  it('a name, as its owner and as admins see it', async () => {
    for (const [n, attack] of NAMES.entries()) {
      const email = `somebody.${n}'&x@example.org`;
      const user = { email, password: PASSWORD, full_name: attack };
      expect((await place.host.call('POST', '/api/auth/register', user)).status).toBe(201);
      const owner = await place.signedIn(email);
      const own = await owner.get('/account/me');
      expect(wrongOn([own])).toEqual([]);
      expect(formWith(own, 'full_name').fields['full_name']).toBe(attack);
      expect(readHtml(own.html).text).toContain(attack.replaceAll(/\s+/g, ' '));
    }
    expect(wrongOn(await Promise.all(place.pages.map((path) => admin.open(path))))).toEqual([]);
  });

  it('the name of the browser, on the page of sessions', async () => {
    for (const attack of NAMES) {
      const response = await fetch(`${place.host.url}/api/auth/login`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': `Mozilla/5.0 (X11; ${encodeURI(attack) === attack ? attack : attack.replaceAll(/[^\u0020-\u007e]/g, '?')}) Firefox/120.0`,
        },
        body: JSON.stringify({ email: EMAIL, password: PASSWORD }),
      });
      expect(response.status).toBe(200);
    }
    const seen = await admin.get('/account/sessions');
    expect([seen.status, wrongOn([seen])]).toEqual([200, []]);
  });

  it('the brand', async () => {
    for (const attack of ATTACKS.filter(
      (text) =>
        text.length <= 60 &&
        !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text) &&
        text.isWellFormed(),
    )) {
      const { newVisitor } = await openPlace({ appName: attack, brandTagline: attack });
      const seen = await newVisitor().get('/account/login');
      expect(wrongOn([seen])).toEqual([]);
      expect(readHtml(seen.html).text.split(attack.replaceAll(/\s+/g, ' ')).length).toBeGreaterThan(2);
    }
  });

  it('R76: every answer of every page, refusals too, has the headers that keep it safe', async () => {
    const answers: Seen[] = [];
    for (const visitor of [place.newVisitor(), admin])
      for (const { method, path } of place.routes)
        answers.push(
          await (method === 'GET' ? visitor.get(path) : visitor.post(path)),
          await (method === 'GET' ? visitor.get(`${path}?token=x`) : visitor.post(path, {}, {})),
        );
    expect(answers.length).toBeGreaterThan(40);
    for (const seen of answers) {
      const told = (name: string): string | null => seen.headers.get(name);
      const where = `${seen.url.pathname} ${seen.status}`;
      expect([where, told('cache-control'), told('referrer-policy')]).toEqual([
        where,
        'no-store',
        'same-origin',
      ]);
      if (!isPage(seen)) expect([where, seen.status, seen.html.includes('<')]).toEqual([where, 303, false]);
      else
        expect([
          where,
          told('content-security-policy')?.split('; ').toSorted(),
          told('x-content-type-options'),
          told('cross-origin-opener-policy'),
          told('content-type'),
        ]).toEqual([
          where,
          [
            "base-uri 'none'",
            "default-src 'none'",
            "font-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "img-src 'self'",
            "object-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
          ],
          'nosniff',
          'same-origin',
          'text/html; charset=utf-8',
        ]);
    }
    const statuses = new Set(answers.map(({ status }) => status));
    expect([200, 303, 403].filter((one) => !statuses.has(one))).toEqual([]);
  });
});
