import type { Host } from '../support/host';
import { readHtml, type Tag } from '../support/plain-html';

/** A form on a page. */
export interface FoundForm {
  /** As a browser resolves it. */
  readonly action: URL;
  readonly method: string;
  /** What its fields hold. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An answer, and what a page that it shows leads to. */
export interface Seen {
  /** As the browser sees it. */
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
}

/** A browser without script whose requests go through a proxy that takes the path of `base_url` away. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  private readonly origin: string;
  private readonly base: string;

  constructor(
    private readonly host: Host,
    baseUrl = 'http://localhost:3000',
  ) {
    const { origin, pathname } = new URL(baseUrl);
    [this.origin, this.base] = [origin, pathname.replace(/\/$/, '')];
  }

  /** Asks for a path as the browser sees it. Does not follow a redirect. */
  get(path: string | URL): Promise<Seen> {
    return this.ask('GET', this.resolve(path));
  }

  /** Sends a form, as from a page of ours. */
  post(
    path: string | URL,
    fields: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = { 'sec-fetch-site': 'same-origin', origin: this.origin },
  ): Promise<Seen> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.ask('POST', this.resolve(path), { ...type, ...headers }, String(new URLSearchParams(fields)));
  }

  /** Asks, and goes where it is sent. */
  async open(path: string | URL): Promise<Seen> {
    return this.follow(await this.get(path));
  }

  /** Goes where an answer sends, to its end. */
  async follow(seen: Seen): Promise<Seen> {
    for (let n = 0; n < 10; n++) {
      if (seen.status !== 303) return seen;
      seen = await this.get(new URL(seen.headers.get('location')!, seen.url));
    }
    throw new Error(`redirected without end: ${seen.url.href}`);
  }

  /** Signs in by the page. */
  async signIn(path: string, email: string, password: string): Promise<Seen> {
    const form = formWith(await this.open(path), 'password');
    return this.follow(await this.post(form.action, { ...form.fields, email, password }));
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private resolve(path: string | URL): URL {
    return new URL(path, this.origin);
  }

  private async ask(
    method: string,
    url: URL,
    headers: Readonly<Record<string, string>> = {},
    body?: string,
  ): Promise<Seen> {
    const isOurs = url.origin === this.origin && `${url.pathname}/`.startsWith(`${this.base}/`);
    if (!isOurs) throw new Error(`leads out of the app: ${url.href}`);
    const response = await fetch(this.host.url + url.pathname.slice(this.base.length) + url.search, {
      method,
      headers: { ...(this.cookies.size > 0 && { cookie: this.cookie }), ...headers },
      ...(body !== undefined && { body }),
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    const { status, headers: told } = response;
    return { url, status, headers: told, html: await response.text() };
  }

  private keep(line: string): void {
    const [name, value] = line.split(';', 1)[0]!.split(/=(.*)/s) as [string, string];
    if (/; Max-Age=0(;|$)/.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** True for a page of HTML. */
export const isPage = ({ headers }: Seen): boolean =>
  (headers.get('content-type') ?? '').startsWith('text/html');

/** Where the links and the files of a page are, as a browser resolves them. */
export function linksOn(seen: Seen): readonly URL[] {
  const links = readHtml(seen.html).tags.flatMap(({ attributes: { href, src } }) => href ?? src ?? []);
  return links.map((link) => new URL(link, seen.url)).filter(({ protocol }) => protocol.startsWith('http'));
}

/** The forms of a page. */
export function formsOn({ html, url }: Seen): readonly FoundForm[] {
  const forms: (FoundForm & { readonly fields: Record<string, string> })[] = [];
  for (const { name, attributes } of readHtml(html).tags) {
    if (name === 'form')
      forms.push({
        action: new URL(attributes['action'] ?? url, url),
        method: attributes['method'] ?? 'get',
        fields: {},
      });
    else if (isField(name) && attributes['name'] !== undefined)
      forms.at(-1)!.fields[attributes['name']] = attributes['value'] ?? '';
  }
  return forms;
}

const isField = (name: Tag['name']): boolean => ['input', 'select', 'textarea', 'button'].includes(name);

/** The form of a page that has this field. */
export function formWith(seen: Seen, field: string): FoundForm {
  const form = formsOn(seen).find(({ fields }) => field in fields);
  if (!form) throw new Error(`${seen.url.href} (${seen.status}) has no form with ${field}: ${seen.html}`);
  return form;
}
