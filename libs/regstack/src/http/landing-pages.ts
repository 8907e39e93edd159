import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import { hashToken } from '../kernel/secret-token';
import { type PageName, PageRenderer } from '../ui/page.renderer';
import { LinkCookie } from './link-cookie';
import { PageResponse } from './page.response';

/** The page that a mailed link leads to. */
export interface Landing {
  /** Below `ui_prefix`; also names the cookie that keeps the token. */
  readonly path: string;
  /** View with the button, and view after it was pressed. */
  readonly view: PageName;
  readonly done: PageName;
  /** What the second view shows. */
  readonly doneValues?: Readonly<Record<string, unknown>>;
  /** False where the host's own front end has the page: then it has none of ours. */
  readonly isServed: boolean;
  /** False where the feature behind it is switched off: then it says so, with whatever it is opened. */
  readonly isEnabled?: boolean;
  /** What the view shows of the link besides, or null when it cannot be used. Changes nothing. */
  readonly look: (token: string) => Promise<Readonly<Record<string, unknown>> | null>;
}

/** What a request to such a page brought. */
export interface Visit {
  readonly query?: Readonly<Record<string, unknown>>;
  readonly cookies: string | undefined;
  readonly response: unknown;
}

/**
 * Pages of mailed links: opening one changes nothing (R34) and moves the token out of the URL; its button uses the link. They work
 * without script.
 */
@Injectable()
export class LandingPages {
  constructor(
    private readonly pages: PageRenderer,
    private readonly link: LinkCookie,
    private readonly response: PageResponse,
  ) {}

  /** `GET`: first from the mail, then the clean path with the button, and after that what came of it. */
  async open(landing: Landing, { query = {}, cookies, response }: Visit): Promise<void> {
    this.checkServed(landing);
    const { path, done } = landing;
    if (query['token'] !== undefined)
      return this.response.redirect(response, path, this.link.keep(path, query['token']));
    if (query['done'] !== undefined)
      return this.response.send(response, await this.pages.render(done, landing.doneValues ?? {}));
    const token = this.link.read(path, cookies);
    if (token === null) throw new AccountError('token.invalid');
    await this.show(landing, token, response);
  }

  /**
   * `POST`: uses the link that the page was opened from. What can be put right is said beside its field, and the link stays.
   * @param tokenHash of the form
   */
  async press(
    landing: Landing,
    tokenHash: string,
    { cookies, response }: Visit,
    use: (token: string) => Promise<unknown>,
  ): Promise<void> {
    this.checkServed(landing);
    const { path } = landing;
    const token = this.link.read(path, cookies);
    if (token === null || !this.link.matches(token, tokenHash)) throw new AccountError('token.invalid');
    try {
      await use(token);
    } catch (error) {
      if (!(error instanceof AccountError) || error.fields.length === 0) throw error;
      return this.show(landing, token, response, error);
    }
    this.response.redirect(response, `${path}?done`, this.link.forget(path));
  }

  private async show(
    { view, look }: Landing,
    token: string,
    response: unknown,
    refusal?: AccountError,
  ): Promise<void> {
    const values = await look(token);
    if (values === null) throw new AccountError('token.invalid');
    const errors = Object.fromEntries(
      (refusal?.fields ?? []).map(({ field, message }) => [field, `${refusal!.message} It ${message}.`]),
    );
    const scope = { ...values, token_hash: hashToken(token), errors };
    this.response.send(response, await this.pages.render(view, scope, refusal ? 422 : 200));
  }

  private checkServed({ isServed, isEnabled = true }: Landing): void {
    if (!isServed) throw new AccountError('request.not_found');
    if (!isEnabled) throw new AccountError('feature.disabled');
  }
}
