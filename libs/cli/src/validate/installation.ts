/** An answer of the installation. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as an object; empty where it is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** One request. */
export interface Call {
  readonly body?: unknown;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 15_000;

/** A live installation, as a stranger reaches it. Leads are never followed, so nothing is sent to another origin. */
export class Installation {
  /**
   * @param url where the app is, with the path that it is served below, if there is one
   * @param paths `api_prefix` and `ui_prefix`, below the global prefix of the app
   */
  constructor(
    private readonly url: URL,
    private readonly paths: { readonly api: string; readonly ui: string },
  ) {}

  get origin(): string {
    return this.url.origin;
  }

  get isSecure(): boolean {
    return this.url.protocol === 'https:';
  }

  get host(): string {
    return this.url.hostname;
  }

  /** A request to the JSON routes. @throws Error where there is no answer in time */
  call(method: string, path: string, { body, token, headers }: Call = {}): Promise<Answer> {
    return this.send(method, this.paths.api + path, {
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** A page. */
  page(path: string): Promise<Answer> {
    return this.send('GET', this.paths.ui + path, { headers: { accept: 'text/html' } });
  }

  private async send(method: string, path: string, init: RequestInit): Promise<Answer> {
    const target = this.url.origin + this.url.pathname.replace(/\/+$/, '') + path;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(target, { ...init, method, redirect: 'manual', signal });
    return { status: response.status, headers: response.headers, body: objectIn(await response.text()) };
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
