import { Injectable } from '@nestjs/common';
import { AccountError, type ErrorCode } from '../kernel/errors';
import type { PageName, PageValues } from '../ui/page.renderer';
import type { Exchange } from './exchange';
import { FieldTexts } from './field-texts';
import type { SentForm } from './form.decorator';
import { Pages } from './pages';
import { answerTo } from './problem.exception';

/** The page that a form is on. */
export interface FormPage {
  readonly view: PageName;
  /** What it shows besides. */
  readonly values?: () => PageValues | Promise<PageValues>;
}

/** Refusals that nothing typed into the form could change: they have pages of their own. */
const NOT_ABOUT_THE_FORM: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'feature.disabled',
  'login.locked',
  'mfa.challenge_expired',
  'mfa.locked',
  'registration.closed',
  'request.cross_site',
  'request.malformed',
  'server.error',
  'service.unavailable',
  'session.required',
  'session.stale',
  'token.invalid',
]);

/** What a form that is one button sends. */
const BUTTON: SentForm<null> = { typed: {}, read: () => Promise.resolve(null) };

/** Pages with a form: what was sent leads on to another page, or comes back with what is wrong with it. */
@Injectable()
export class FormPages {
  constructor(
    private readonly pages: Pages,
    private readonly texts: FieldTexts,
  ) {}

  /** The form, empty or with what is there already. */
  async show(page: FormPage, exchange: Exchange, typed: PageValues = {}): Promise<void> {
    await this.pages.show(exchange, page.view, { ...(await page.values?.()), typed, errors: {} });
  }

  /**
   * Does what the form is for. A refusal shows the form again: each error beside its field, with what was typed, but for secrets.
   * @param act answers, by leading on to another page
   * @throws AccountError for a refusal that is not about the form, and for whatever is no refusal
   */
  async submit<T>(
    page: FormPage,
    form: SentForm<T>,
    exchange: Exchange,
    act: (fields: T) => Promise<void> | void,
  ): Promise<void> {
    try {
      await act(await form.read());
    } catch (error) {
      if (!(error instanceof AccountError) || NOT_ABOUT_THE_FORM.has(error.code)) throw error;
      await this.showAgain(page, form, exchange, error);
    }
  }

  /**
   * The same for a form that asks: the page shows what was found.
   * @param pageOf the page for a query; for null, which cannot be answered, without what it would find
   */
  ask<T>(form: SentForm<T>, exchange: Exchange, pageOf: (query: T | null) => FormPage): Promise<void> {
    return this.submit(pageOf(null), form, exchange, (query) =>
      this.show(pageOf(query), exchange, form.typed),
    );
  }

  /** The same for a form that is one button: a refusal is told on the page that the button is on. */
  press(page: FormPage, exchange: Exchange, act: () => Promise<void>): Promise<void> {
    return this.submit(page, BUTTON, exchange, act);
  }

  private async showAgain(
    page: FormPage,
    { typed }: SentForm<unknown>,
    exchange: Exchange,
    refusal: AccountError,
  ): Promise<void> {
    const { problem, headers } = answerTo(refusal, exchange.request);
    const { summary, errors } = this.texts.of(refusal, typed);
    const values = { ...(await page.values?.()), typed, summary, errors, code: refusal.code };
    const { retryAfterSeconds: retry_after = null } = refusal;
    await this.pages.show(
      exchange,
      page.view,
      { ...values, retry_after },
      { status: problem.status, headers },
    );
  }
}
