import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { fill, hiddenIn } from './form-fields';
import type { Lane, LinkKind } from './lane';
import { Witness } from './witness';

/** What kind of browser somebody has. */
export interface VisitorOptions {
  readonly script: boolean;
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
}

/** Long enough for a busy machine; whatever takes so long is not coming. */
const PATIENCE_MS = 30_000;

/** Somebody with a browser of their own, who does what people do: read, fill in, press, follow. */
export class Visitor {
  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly lane: Lane,
    private readonly witness: Witness,
  ) {}

  /** With an empty browser: no cookies, no history. */
  static async arrive(browser: Browser, lane: Lane, options: VisitorOptions): Promise<Visitor> {
    const { script, colorScheme = 'light', width = 1280 } = options;
    const context = await browser.newContext({
      baseURL: lane.demo.url,
      javaScriptEnabled: script,
      colorScheme,
      viewport: { width, height: 900 },
      serviceWorkers: 'block',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    return new Visitor(page, context, lane, await Witness.of(page, lane.demo.url));
  }

  /** Closes the browser; answers what was wrong with what it has seen, see `Witness`. */
  async leave(): Promise<readonly string[]> {
    this.witness.learn(this.lane.secrets);
    const findings = await this.witness.findings(this.lane.log);
    await this.context.close();
    return findings;
  }

  /** Path and query of the page. */
  get at(): string {
    const { pathname, search } = new URL(this.page.url());
    return pathname + search;
  }

  /** The heading of the page. */
  heading(): Promise<string> {
    return this.page.locator('h1').innerText();
  }

  /** All that can be read on the page. */
  text(): Promise<string> {
    return this.page.locator('body').innerText();
  }

  /** The field of this name that can be seen. */
  field(name: string): Locator {
    return this.page.locator(`[name="${name}"]:visible`);
  }

  /** Types an address into the browser. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
  }

  /** Back, as the button of the browser does. */
  async back(): Promise<void> {
    await this.page.goBack();
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  /** Follows a link by its text. */
  async follow(name: string | RegExp): Promise<void> {
    await this.leadsOn(this.page.getByRole('link', { name, exact: true }));
  }

  /** Opens a section of the page by its heading. */
  async unfold(heading: string): Promise<void> {
    await this.page
      .locator('details:not([open]) > summary', { has: this.page.locator(`h2:text-is("${heading}")`) })
      .click();
  }

  /** Presses a button by its text, after its form was filled in: fields by their names. Goes where that leads. */
  async press(button: string | RegExp, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    const pressed = this.page.getByRole('button', { name: button, exact: true });
    const form = this.page.locator('form', { has: pressed });
    for (const [name, value] of Object.entries(fields)) {
      await fill(form.locator(`[name="${name}"]`), value);
      if (/password|code/.test(name)) this.witness.learn([value]);
    }
    this.witness.learn(await hiddenIn(form));
    await this.leadsOn(pressed);
  }

  /** The same where the browser lets everything pass: what is said then is said by the page. */
  async pressUnchecked(button: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.page.evaluate('for (const form of document.forms) form.noValidate = true');
    await this.press(button, fields);
  }

  /** The element that has the focus, without what is in it. */
  focused(): Promise<string> {
    return this.page.evaluate<string>('document.activeElement.cloneNode().outerHTML');
  }

  /** What somebody knows and nobody else may see: is looked for in every URL. */
  knows(...secrets: readonly string[]): void {
    this.witness.learn(secrets);
  }

  /** Signs in with a password, on a page of its own or on the one that asks for it. */
  async signIn(email: string, password: string): Promise<void> {
    if (!this.at.startsWith('/account/login')) await this.open('/account/login');
    await this.press('Sign in', { email, password });
  }

  /** Opens the `n`th mail of this kind in a mail reader in this browser, and clicks the link in it. */
  async clickMailedLink(address: string, kind: LinkKind, n = 1): Promise<void> {
    const { html } = await this.lane.mail(address, kind, n);
    await this.page.goto('about:blank');
    await this.page.setContent(html);
    const link = this.page.locator(`a[href*="/account/${kind}?token="]`).first();
    this.witness.mayAskFor((await link.getAttribute('href'))!);
    await this.leadsOn(link);
  }

  /** Clicks what leads to another page, and waits for it. */
  async leadsOn(clicked: Locator): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await Promise.all([loaded, clicked.click()]);
  }
}
