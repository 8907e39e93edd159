import { Demo } from '../support/demo';

describe('the demo has a look of its own', () => {
  let demo: Demo;
  beforeAll(async () => {
    demo = await Demo.start({ REGSTACK_UI_PREFIX: '/members' });
  });
  afterAll(() => demo.stop());

  const get = (path: string): Promise<Response> => fetch(demo.url + path, { redirect: 'manual' });

  it('its first page leads to the account, and from there to the sign-in', async () => {
    const home = await get('/');
    expect([home.status, home.headers.get('location')]).toEqual([302, '/members/me']);
    const account = await get('/members/me');
    expect([account.status, account.headers.get('location')]).toEqual([
      303,
      '/members/login?next=%2Fmembers%2Fme',
    ]);
    await demo.logged('Open it in a browser');
  });

  it('its theme and its logo are what the pages name, and are there', async () => {
    const html = await (await get('/members/login')).text();
    expect(html).toMatch(/<link rel="stylesheet" href="\/theme\.css">\s*<script/);
    expect(html).toContain('<img src="/logo.svg" alt="RegStack demo">');
    const [theme, logo] = [await get('/theme.css'), await get('/logo.svg')];
    expect([theme.status, theme.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(await theme.text()).toContain('--rs-accent:');
    expect([logo.status, logo.headers.get('content-type')!.split(';')[0]]).toEqual([200, 'image/svg+xml']);
    expect(await logo.text()).toMatch(/^<svg /);
  });
});
