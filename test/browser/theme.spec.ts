import { PASSWORD, someone } from '../support/demo';
import { BROWSERS, Lane } from './lane';

const THEME = 'https://theme.example/plum.css';

const lane = Lane.forSuite({ REGSTACK_THEME_CSS_URL: THEME });

describe.each(BROWSERS)('with the theme of another origin, %s', (_, options) => {
  it('R78: it is loaded, and learns of no page more than that there is one', async () => {
    const [email, visitor] = [someone(), await lane.visitor(options)];
    const referrers: (string | undefined)[] = [];
    await visitor.page.route(THEME, async (route) => {
      referrers.push((await route.request().allHeaders())['referer']);
      await route.fulfill({ contentType: 'text/css', body: ':root { --rs-bg: rgb(221, 160, 221); }' });
    });
    await lane.demo.call('POST', '/register', { email, password: PASSWORD });
    await visitor.clickMailedLink(email, 'verify');
    const colour = 'getComputedStyle(document.body).backgroundColor';
    expect(await visitor.page.evaluate(colour)).toBe('rgb(221, 160, 221)');
    await visitor.press('Confirm address');
    await visitor.signIn(email, PASSWORD);
    expect(referrers.length).toBeGreaterThan(2);
    expect(new Set(referrers)).toEqual(new Set([undefined]));
  });
});
