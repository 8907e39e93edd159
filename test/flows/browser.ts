import type { Answer } from './answers';
import { PASSWORD } from '../support/demo';
import type { Head, Scene } from './scene';
import { type ShownForm, ShownPage, type WhichForm } from './shown-page';

/** Redirects that are followed before it must be a loop. */
const MOST_REDIRECTS = 10;

/** The fields that somebody fills in or changes; null: not sent. */
export type Typed = Readonly<Record<string, string | null>>;

/** A browser without script, over a scene: it keeps cookies, follows redirects, and sends forms that it has found on pages. */
export class Browser {
  /** Every path that was asked for, with its query, oldest first: what stands in the history and in the logs. */
  readonly history: string[] = [];
  private readonly jar = new Map<string, string>();
  private shown: ShownPage | undefined;

  /** @param origin of the pages, by `base_url` */
  constructor(
    private readonly scene: Scene,
    readonly origin = 'http://localhost:3000',
  ) {}

  /** The page that is shown. */
  get page(): ShownPage {
    if (!this.shown) throw new Error('no page was opened');
    return this.shown;
  }

  /** Goes to a path, or to a link of a mail, as from the address bar. */
  open(target: string): Promise<ShownPage> {
    const path = target.startsWith(`${this.origin}/`) ? target.slice(this.origin.length) : target;
    return this.go(path, { 'sec-fetch-site': 'none' });
  }

  /** The form of the page that has this field, or this action, or both. */
  form(which: WhichForm): ShownForm {
    return this.page.form(which);
  }

  /** Fills in a form of the page, sends it, and follows where that leads. */
  async send(form: ShownForm, typed: Typed = {}, headers: Head['headers'] = {}): Promise<ShownPage> {
    const answer = await this.post(form.action, { ...form.values, ...typed }, headers);
    return this.arrive(form.action, answer);
  }

  /** Posts fields to a path, and stays. */
  async post(path: string, typed: Typed, headers: Head['headers'] = {}): Promise<Answer> {
    const fields = Object.entries(typed).filter((entry): entry is [string, string] => entry[1] !== null);
    const referer = this.shown && { referer: this.origin + this.shown.path };
    const head = { 'sec-fetch-site': 'same-origin', origin: this.origin, ...referer, ...headers };
    this.history.push(path);
    return this.keep(
      await this.scene.submit(
        path,
        Object.fromEntries(fields),
        { cookie: this.cookie, headers: head },
        false,
      ),
    );
  }

  /** Signs in, by the page. */
  async signIn(email: string, password = PASSWORD, path = '/account/login'): Promise<ShownPage> {
    await this.open(path);
    return this.send(this.form({ has: 'password' }), { email, password });
  }

  /** What is in a cookie, by the end of its name, or null: `session`, `form`, `device`, `step-verify`. */
  cookieOf(purpose: string): string | null {
    return [...this.jar].find(([name]) => name.endsWith(`-${purpose}`))?.[1] ?? null;
  }

  /** All cookies, as a request carries them. */
  get cookie(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Whether a route of the host knows this browser. */
  async isSignedIn(): Promise<boolean> {
    return (await this.scene.get('/orders', { cookie: this.cookie })).status === 200;
  }

  /** Keeps the cookies of an answer, also of one to somebody else's request. */
  keep(answer: Answer): Answer {
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';', 1)[0]!.split(/=(.*)/s) as [string, string];
      if (/; Max-Age=0(;|$)/.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return answer;
  }

  private async go(path: string, headers: Head['headers']): Promise<ShownPage> {
    this.history.push(path);
    return this.arrive(path, await this.fetch(path, headers), headers);
  }

  private async arrive(path: string, answer: Answer, headers: Head['headers'] = {}): Promise<ShownPage> {
    let [at, seen] = [path, answer];
    for (let n = 0; seen.status === 303; n++) {
      if (n === MOST_REDIRECTS) throw new Error(`redirected without end: ${this.history.join(' ')}`);
      at = this.pathOf(seen.headers.get('location')!);
      this.history.push(at);
      seen = await this.fetch(at, headers);
    }
    return (this.shown = new ShownPage(at, seen));
  }

  /** Resolved as browsers do (WHATWG URL): what leaves the origin is an error. */
  private pathOf(location: string): string {
    const { origin, pathname, search } = new URL(location, this.origin);
    if (origin !== this.origin) throw new Error(`redirected to another origin: ${location}`);
    return pathname + search;
  }

  private async fetch(path: string, headers: Head['headers']): Promise<Answer> {
    return this.keep(await this.scene.get(path, { cookie: this.cookie, headers }));
  }
}
