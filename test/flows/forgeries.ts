import type { Browser, Typed } from './browser';
import type { ShownForm } from './shown-page';

/** What is sent as if by a form of ours, by who cannot see the page that it is on: its token, and what the browser says of the sender. */
const FORGERIES: readonly (readonly [Typed, Readonly<Record<string, string>>])[] = [
  [{ form_token: null }, {}],
  [{ form_token: '' }, {}],
  [{ form_token: 'A'.repeat(43) }, {}],
  [{}, { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  [{}, { 'sec-fetch-site': 'same-site' }],
];

/** Nobody sends this form from elsewhere: 403 each time. What must not have happened is for the caller to look at. */
export async function expectNoForgery(browser: Browser, form: ShownForm, typed: Typed): Promise<void> {
  for (const [token, headers] of FORGERIES) {
    const { status } = await browser.post(form.action, { ...form.values, ...typed, ...token }, headers);
    expect([form.action, token, headers, status]).toEqual([form.action, token, headers, 403]);
  }
}
