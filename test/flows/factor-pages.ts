import { Browser } from './browser';
import type { Member, Scene } from './scene';
import type { ShownPage } from './shown-page';

/** What is said beside a code that is not right. */
export const WRONG = 'This code is wrong, or was used already.';

/** Ten recovery codes, as a page lists them. */
export const RECOVERY_CODES = /(?:<li><code>(?:[a-z2-9]{4}-){5}[a-z2-9]{4}<\/code><\/li>\s*){10}<\/ol>/;

/** A browser in which somebody is signed in; whoever has a second factor by a code of it. */
export async function signedIn(
  scene: Scene,
  { email, password }: Member,
  code?: () => string | Promise<string>,
): Promise<Browser> {
  const browser = new Browser(scene);
  await browser.signIn(email, password);
  if (code) await send(browser, 'code', { code: await code() });
  expect(await browser.isSignedIn()).toBe(true);
  return browser;
}

/** Fills in the form that has a field, and sends it. */
export function send(
  browser: Browser,
  has: string,
  typed: Readonly<Record<string, string>> = {},
): Promise<ShownPage> {
  return browser.send(browser.form({ has }), typed);
}

/** What the page of an app that is being set up shows: the key to type, the link for an app, and the picture. */
export function setupOn({ html, links }: ShownPage) {
  return {
    key: /<code class="secret">([A-Z2-7 ]+)<\/code>/.exec(html)![1]!,
    uri: links['Open it in an app on this device']!,
    picture: /<div class="qr" role="img" aria-label="[^"]+">([\s\S]*?)<\/div>/.exec(html)![1]!,
  };
}

/** The key, as an app has it. */
export function secretOn(page: ShownPage): string {
  return setupOn(page).key.replaceAll(' ', '');
}

/** The recovery codes on a page. */
export function codesOn({ html }: Pick<ShownPage, 'html'>): readonly string[] {
  return [...html.matchAll(/<li><code>([^<]*)<\/code>/g)].map(([, code]) => code!);
}
