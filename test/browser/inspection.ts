import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** WCAG 2.2 AA, and what axe recommends besides. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** How an element looks is another question in the dark; what it is, is not. */
const RULES = { light: TAGS, dark: ['color-contrast', 'link-in-text-block'] };
const run = (
  rules: readonly string[],
): string => `axe.run({ runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, any, all, none }) =>
      id + ': ' + help + ': ' + target + ' (' + [...any, ...all, ...none].map(({ message }) => message)[0] + ')')))`;

/** Smallest width of WCAG 1.4.10, a wide screen, and that wide screen at 200 % zoom. */
const WIDTHS = [1280, 640, 320];

const OVERFLOW = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = [...document.body.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > clientWidth + 1);
  return scrollWidth > clientWidth ? scrollWidth + ' px in ' + clientWidth + ': ' + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 80)) : '';
})()`;

/** What is wrong with a document at one width, by these rules; for what has no states and no keys. */
export async function look(page: Page, width: number, rules: readonly string[]): Promise<readonly string[]> {
  await page.setViewportSize({ width, height: 900 });
  const overflow = await page.evaluate<string>(OVERFLOW);
  await page.evaluate(AXE);
  const found = await page.evaluate<string[]>(run(rules));
  return overflow === '' ? found : [...found, `scrolls sideways, ${overflow}`];
}

/** The text twice as large, by the setting of the browser that says how large text is (WCAG 1.4.4). */
const twiceAsLarge = (isOn: boolean): string =>
  `document.documentElement.style.fontSize = '${isOn ? '200%' : ''}'`;

const FOCUSED = `(() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const { top, left, bottom, width, height } = one.getBoundingClientRect();
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
  const isMarked = (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  return { html: one.outerHTML.split('\\n')[0].slice(0, 120), top: top + scrollY, bottom: bottom + scrollY, left, isSeen: width > 0 && height > 0, isMarked };
})()`;

interface Focused {
  readonly html: string;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly isSeen: boolean;
  readonly isMarked: boolean;
}

/** All that keeps people from using a page, by colours, widths and keys. Leaves the page as wide and light as it was. */
export async function inspect(page: Page, state: string): Promise<readonly string[]> {
  const found: string[] = [];
  await page.evaluate(AXE);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const width of colorScheme === 'light' ? WIDTHS : [1280, 320]) {
      await page.setViewportSize({ width, height: 900 });
      const about = (what: string): string => `${colorScheme}, ${width} px: ${what}`;
      const overflow = await page.evaluate<string>(OVERFLOW);
      if (overflow !== '') found.push(about(`scrolls sideways, ${overflow}`));
      if (width === 640) found.push(...(await enlarged(page)).map(about));
      else found.push(...(await page.evaluate<string[]>(run(RULES[colorScheme]))).map(about));
      if (width !== 640) await photograph(page, `${state}, ${colorScheme}, ${width}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: WIDTHS[0]!, height: 900 });
  return [...found, ...(await byKeyboard(page))];
}

/** What is wrong with the elements that Tab leads through, from the top of the page. */
async function byKeyboard(page: Page): Promise<readonly string[]> {
  await page.evaluate('document.activeElement?.blur(); scrollTo(0, 0); getSelection().removeAllRanges()');
  const focused: Focused[] = [];
  for (let n = 0; n < 100; n++) {
    await page.keyboard.press('Tab');
    const one = await page.evaluate<Focused | null>(FOCUSED);
    if (one === null || focused[0]?.html === one.html) break;
    focused.push(one);
  }
  const hidden = focused.filter(({ isSeen, isMarked }) => !isSeen || !isMarked);
  const back = focused.filter((one, n) => n > 0 && isBefore(one, focused[n - 1]!));
  return [
    ...hidden.map(({ html }) => `focus is not seen on ${html}`),
    ...back.map(({ html }) => `focus goes back to ${html}`),
  ];
}

/** Above, or on the same line to the left. */
function isBefore(one: Focused, other: Focused): boolean {
  const isSameLine = one.top < other.bottom && other.top < one.bottom;
  return isSameLine ? one.left < other.left : one.top < other.top;
}

async function enlarged(page: Page): Promise<readonly string[]> {
  await page.evaluate(twiceAsLarge(true));
  const overflow = await page.evaluate<string>(OVERFLOW);
  await page.evaluate(twiceAsLarge(false));
  return overflow === '' ? [] : [`with text twice as large: scrolls sideways, ${overflow}`];
}

/** For people who look at the design: `REGSTACK_TEST_SCREENSHOTS=folder`. */
async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env['REGSTACK_TEST_SCREENSHOTS'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name.replace(/[^\w,.-]+/g, '-').replaceAll(',', '')}.png`);
  await page.screenshot({ path, fullPage: true });
}
