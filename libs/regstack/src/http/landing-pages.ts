import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import { hashToken } from '../kernel/secret-token';
import { isSame } from '../services/keyed-hash';
import type { PageName, PageValues } from '../ui/page.renderer';
import type { Exchange } from './exchange';
import { FieldTexts } from './field-texts';
import { Pages } from './pages';
import { queryOf } from './query';
import { type Step, StepCookies } from './step-cookies';

/** The page that a mailed link leads to. */
export interface Landing {
  /** Below `ui_prefix`; also names the cookie that keeps the token. */
  readonly path: Step;
  /** View with the button, and view after it was pressed. */
  readonly view: PageName;
  readonly done: PageName;
  /** What the second view shows. */
  readonly doneValues?: PageValues;
  /** False where the host's own front end has the page: then it has none of ours. */
  readonly isServed: boolean;
  /** False where the feature behind it is switched off: then it says so, with whatever it is opened. */
  readonly isEnabled?: boolean;
  /** What the view shows of the link besides, or null when it cannot be used. Changes nothing. */
  readonly look: (token: string) => Promise<PageValues | null>;
}

/**
 * Pages of mailed links: opening one changes nothing (R34) and moves the token out of the URL; its button uses the link. They work
 * without script.
 */
@Injectable()
export class LandingPages {
  constructor(
    private readonly pages: Pages,
    private readonly steps: StepCookies,
    private readonly texts: FieldTexts,
  ) {}

  /** `GET`: first from the mail, then the clean path with the button, and after that what came of it. */
  async open(landing: Landing, exchange: Exchange): Promise<void> {
    this.checkServed(landing);
    const { path, done, doneValues } = landing;
    const query = queryOf(exchange.request);
    const token = query.get('token');
    if (token !== null) {
      this.steps.keep(exchange, path, token);
      return this.pages.redirect(exchange, path);
    }
    if (query.has('done')) return this.pages.show(exchange, done, doneValues);
    await this.show(landing, this.tokenIn(landing, exchange), exchange);
  }

  /**
   * `POST`: uses the link that the page was opened from. What can be put right is said beside its field, and the link stays.
   * @param tokenHash of the form
   */
  async press(
    landing: Landing,
    tokenHash: string,
    exchange: Exchange,
    use: (token: string) => Promise<unknown>,
  ): Promise<void> {
    this.checkServed(landing);
    const { path } = landing;
    const token = this.tokenIn(landing, exchange);
    // A page that was opened from one link never spends another's token.
    if (!isSame(hashToken(token), tokenHash)) throw new AccountError('token.invalid');
    try {
      await use(token);
    } catch (error) {
      if (!(error instanceof AccountError) || error.fields.length === 0) throw error;
      return this.show(landing, token, exchange, error);
    }
    this.steps.forget(exchange, path);
    this.pages.redirect(exchange, `${path}?done`);
  }

  private tokenIn({ path }: Landing, exchange: Exchange): string {
    const token = this.steps.read(exchange, path);
    if (token === null) throw new AccountError('token.invalid');
    return token;
  }

  private async show(
    { view, look }: Landing,
    token: string,
    exchange: Exchange,
    refusal?: AccountError,
  ): Promise<void> {
    const values = await look(token);
    if (values === null) throw new AccountError('token.invalid');
    const said = refusal ? this.texts.of(refusal, {}) : { errors: {} };
    const scope = { ...values, token_hash: hashToken(token), ...said };
    await this.pages.show(exchange, view, scope, { status: refusal ? 422 : 200 });
  }

  private checkServed({ isServed, isEnabled = true }: Landing): void {
    if (!isServed) throw new AccountError('request.not_found');
    if (!isEnabled) throw new AccountError('feature.disabled');
  }
}
