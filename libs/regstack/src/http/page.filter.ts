import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import type { ErrorCode } from '../kernel/errors';
import type { FeatureName } from '../kernel/feature-name';
import { InstalledFeatures } from '../services/installed-features';
import type { PageName } from '../ui/page.renderer';
import type { Answered } from './exchange';
import { FieldTexts } from './field-texts';
import { NextPage } from './next-page';
import { PageResponse } from './page.response';
import { Pages } from './pages';
import type { ProblemAnswer } from './problem';
import { answerTo } from './problem.exception';

/** Refusals that somebody can do something about on another page, where its feature is here, from where they come back. */
const REMEDIES: Partial<Record<ErrorCode, { readonly page: string; readonly of: FeatureName }>> = {
  'session.required': { page: 'login', of: 'login' },
  'session.stale': { page: 'reauthenticate', of: 'password' },
};

/** Refusals that last for a while. */
const VIEWS: Partial<Record<ErrorCode, PageName>> = {
  'login.locked': 'locked',
  'mfa.locked': 'locked',
  'sms.limited': 'locked',
};

/** Answers every refusal on our pages with a page that says what to do, or leads to the one where it is done. */
@Catch()
export class PageFilter implements ExceptionFilter {
  constructor(
    private readonly config: RegStackConfig,
    private readonly features: InstalledFeatures,
    private readonly pages: Pages,
    private readonly texts: FieldTexts,
    private readonly next: NextPage,
    private readonly response: PageResponse,
  ) {}

  /** Nobody awaits a filter: nothing in here may reject. */
  async catch(error: unknown, context: ArgumentsHost): Promise<void> {
    const http = context.switchToHttp();
    const answered: Answered = { request: http.getRequest(), response: http.getResponse() };
    const answer = answerTo(error, answered.request);
    if (this.response.wasSent(answered.response)) return;
    try {
      await this.answer(answer, answered);
    } catch (failure) {
      const { status } = answerTo(failure, answered.request).problem;
      this.response.sendPlain(answered.response, status);
    }
  }

  private async answer({ problem, headers }: ProblemAnswer, answered: Answered): Promise<void> {
    const { status, code, detail, request_id } = problem;
    const remedy = REMEDIES[code];
    if (remedy && this.config.enableUiRouter && this.features.has(remedy.of))
      return this.pages.redirect(answered, remedy.page + this.next.query(this.next.backTo(answered)));
    const about = { code, detail: this.texts.sentence(code, detail), is_defect: status >= 500, request_id };
    const values = { ...about, retry_after: Number(headers['retry-after']) || null };
    await this.pages.show(answered, VIEWS[code] ?? 'error', values, { status, headers });
  }
}
