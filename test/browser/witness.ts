import type { CDPSession, Page, Request, Response } from 'playwright-core';

/** Headers of every page (R76); the policy besides is looked at on its own. */
const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** What the policy of every page must say, and must not. */
const POLICY = ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"];

/** The browser says so itself of a page with a status that is an answer. */
const IS_ANSWER = /^Failed to load resource: the server responded with a status of 4\d\d/;

/** Back to a page that was the answer to a form: nothing is kept of it, and browsers ask before they send a form again. */
export const SENT_AGAIN = 'net::ERR_CACHE_MISS';

/** Notes all that a browser does from its first page to its last, and finds what must never be there (G20, W42, W43, R76). */
export class Witness {
  private readonly requests: Request[] = [];
  private readonly responses: Response[] = [];
  private readonly seen: string[] = [];
  private readonly secrets = new Set<string>();
  private readonly mailed = new Set<string>();

  private constructor(
    private readonly page: Page,
    private readonly cdp: CDPSession,
    private readonly origin: string,
  ) {}

  /** From now on. Reports of the policy come from the browser itself, so that they come without script too. */
  static async of(page: Page, origin: string): Promise<Witness> {
    const context = page.context();
    const witness = new Witness(page, await context.newCDPSession(page), origin);
    const { seen } = witness;
    context.on('request', (request) => witness.requests.push(request));
    context.on('response', (response) => witness.responses.push(response));
    context.on('requestfailed', (request) => {
      if (request.failure()?.errorText !== SENT_AGAIN) seen.push(`failed: ${request.url()}`);
    });
    context.on('weberror', (error) => seen.push(`error of the page: ${error.error().message}`));
    context.on('dialog', (dialog) => seen.push(`a dialog: ${dialog.message()}`));
    context.on('page', (opened) => seen.push(`a window: ${opened.url()}`));
    context.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type()) || IS_ANSWER.test(message.text())) return;
      seen.push(`console: ${message.text()}`);
    });
    witness.cdp.on('Audits.issueAdded', ({ issue }) => {
      if (issue.code === 'ContentSecurityPolicyIssue')
        seen.push(`against the policy: ${JSON.stringify(issue.details.contentSecurityPolicyIssueDetails)}`);
    });
    await witness.cdp.send('Audits.enable');
    return witness;
  }

  /** These may stand in no URL. */
  learn(secrets: readonly string[]): void {
    for (const secret of secrets) if (secret !== '') this.secrets.add(secret);
  }

  /** The URL of a mailed link: it is asked for, and gone. */
  mayAskFor(url: string): void {
    this.mailed.add(url);
  }

  /** All that is wrong. */
  async findings(log: string): Promise<readonly string[]> {
    const cookies = await this.page.context().cookies();
    this.learn(cookies.map(({ value }) => value));
    const found = await Promise.all([
      ...this.requests.map((request) => this.ofRequest(request)),
      ...this.responses.map((response) => this.ofResponse(response)),
      this.ofHistory(),
      this.ofStorage(),
    ]);
    return [...new Set([...this.seen, ...found.flat(), ...this.leaks('the log', log)])];
  }

  private async ofRequest(request: Request): Promise<string[]> {
    const { referer = '' } = await request.allHeaders();
    const url = this.mailed.has(request.url()) ? '' : request.url();
    return [...this.leaks('a URL', url), ...this.leaks('a Referer', referer)];
  }

  private async ofResponse(response: Response): Promise<string[]> {
    if (!response.url().startsWith(this.origin)) return [];
    const headers = await response.headersArray();
    const cookies = headers.filter(({ name }) => name.toLowerCase() === 'set-cookie');
    const open = cookies.filter(
      ({ value }) => !/; HttpOnly(;|$)/.test(value) || !/; SameSite=Lax(;|$)/.test(value),
    );
    const wrong = open.map(({ value }) => `a cookie that is not HttpOnly and Lax: ${value.split('=')[0]}`);
    return [...wrong, ...statusOf(response), ...(await headersOf(response))].map(
      (one) => `${one} (${response.url()})`,
    );
  }

  private async ofHistory(): Promise<string[]> {
    const { entries } = await this.cdp.send('Page.getNavigationHistory');
    return entries.flatMap(({ url }) => this.leaks('the history', url));
  }

  /** What scripts of our pages could read. */
  private async ofStorage(): Promise<string[]> {
    if (!this.page.url().startsWith(this.origin)) return [];
    const readable = await this.page.evaluate<string>(
      `JSON.stringify(location.protocol === 'http:' ? [document.cookie, { ...localStorage }, { ...sessionStorage }] : ['', {}, {}])`,
    );
    return readable === '["",{},{}]' ? [] : [`readable by script: ${readable}`];
  }

  private leaks(where: string, text: string): string[] {
    const found = [...this.secrets].filter((secret) => text.includes(secret) && holds(text, secret));
    return found.map((secret) => `${secret} in ${where}: ${text.slice(0, 500)}`);
  }
}

/** A code of six digits is not found in the middle of an id. */
function holds(text: string, secret: string): boolean {
  const escaped = secret.replace(/[^\w]/g, '\\$&');
  const either = [escaped, encodeURIComponent(secret).replace(/[^\w]/g, '\\$&')].join('|');
  return new RegExp(`(?<![\\w-])(${either})(?![\\w-])`).test(text);
}

/** Pages may refuse; what they load is there. */
function statusOf(response: Response): string[] {
  const isPage = response.request().resourceType() === 'document';
  const isFine = response.status() < (isPage ? 500 : 400);
  return isFine ? [] : [`${response.status()} for a ${response.request().resourceType()}`];
}

/** A redirect shows nothing. */
async function headersOf(response: Response): Promise<string[]> {
  const headers = await response.allHeaders();
  const isPage = headers['content-type']?.startsWith('text/html') && response.status() !== 303;
  return isPage ? headersOfPage(headers) : [];
}

function headersOfPage(headers: Readonly<Record<string, string>>): string[] {
  const wrong = Object.entries(HEADERS).filter(([name, value]) => headers[name] !== value);
  const policy = (headers['content-security-policy'] ?? '').split('; ');
  const open = policy.filter((part) => /unsafe|\*|data:|blob:/.test(part));
  return [
    ...wrong.map(([name]) => `header ${name}: ${headers[name]}`),
    ...POLICY.filter((part) => !policy.includes(part)).map((part) => `no ${part} in the policy`),
    ...open.map((part) => `${part} in the policy`),
  ];
}
