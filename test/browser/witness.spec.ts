import { createServer, type Server } from 'node:http';
import { type Browser, chromium } from 'playwright-core';
import { freePort } from '../support/free-port';
import { Witness } from './witness';

const TOKEN = 'a-token-that-nobody-may-see';
const GOOD: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** What a page may do wrong, and what is found then. */
interface Mistake {
  readonly body?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly script?: string;
  readonly log?: string;
  readonly found: RegExp;
}

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'an inline style': { body: '<p style="color: red">', found: /against the policy: .*style-src-attr/ },
  'an inline script': { body: '<script>1</script>', found: /against the policy: .*script-src-elem/ },
  'a picture of another origin': {
    body: '<img src="http://127.0.0.2/x.png">',
    found: /against the policy: .*img-src/,
  },
  'an error of the script': { script: 'throw new Error("oh")', found: /error of the page: oh/ },
  'a complaint of the script': { script: 'console.error("oh")', found: /console: oh/ },
  'a script that is not there': { body: '<script src="/none.js"></script>', found: /404 for a script/ },
  'a token in the URL': { path: `/?t=${TOKEN}`, found: /in a URL/ },
  'a token in the history': { script: `history.pushState(null, '', '?t=${TOKEN}')`, found: /in the history/ },
  'a token in a Referer': {
    path: `/?t=${TOKEN}`,
    body: '<script src="/s.js"></script>',
    found: /in a Referer/,
  },
  'a token in the log': { log: `GET /?t=${TOKEN}`, found: /in the log/ },
  'something in localStorage': { script: 'localStorage.a = 1', found: /readable by script/ },
  'something in sessionStorage': { script: 'sessionStorage.a = 1', found: /readable by script/ },
  'a cookie that script reads': {
    headers: { 'set-cookie': 'a=1; SameSite=Lax' },
    found: /not HttpOnly and Lax: a/,
  },
  'a cookie for every site': { headers: { 'set-cookie': 'a=1; HttpOnly' }, found: /not HttpOnly and Lax: a/ },
  'no policy': { headers: { 'content-security-policy': '' }, found: /no default-src 'none'/ },
  'a page that is kept': { headers: { 'cache-control': 'private' }, found: /header cache-control/ },
};

/** Whoever looks after every test must see what they look for. */
describe('the witness', () => {
  let [server, browser, origin, mistake]: [Server?, Browser?, string?, Mistake?] = [];
  beforeAll(async () => {
    const port = await freePort();
    server = createServer(({ url }, response) => {
      const { headers, body = '', script } = mistake!;
      if (url === '/none.js') response.writeHead(404).end();
      else if (url === '/s.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
      else
        response
          .writeHead(200, { ...GOOD, ...headers })
          .end(`<!doctype html><script src="/s.js"></script>${body}`);
    }).listen(port, '127.0.0.1');
    origin = `http://127.0.0.1:${port}`;
    browser = await chromium.connect(process.env['REGSTACK_TEST_BROWSER_ENDPOINT']!);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const look = async (made: Omit<Mistake, 'found'>): Promise<string> => {
    mistake = { ...made, found: /./ };
    const context = await browser!.newContext({ baseURL: origin! });
    const page = await context.newPage();
    const witness = await Witness.of(page, origin!);
    witness.learn([TOKEN]);
    await page.goto(made.path ?? '/');
    const findings = await witness.findings(made.log ?? '');
    await context.close();
    return findings.join('\n');
  };

  it('finds nothing where there is nothing', async () => {
    expect(await look({})).toBe('');
  });

  it.each(Object.entries(MISTAKES))('finds %s', async (_, { found, ...made }) => {
    expect(await look(made)).toMatch(found);
  });
});
