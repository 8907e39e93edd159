import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type Page, PageRenderer } from '../ui/page.renderer';
import { PageResponse } from './page.response';
import type { Problem } from './problem';
import { answerTo } from './problem.exception';

/** Answers every refusal on our pages with a page that says what to do. */
@Catch()
export class PageFilter implements ExceptionFilter {
  constructor(
    private readonly pages: PageRenderer,
    private readonly response: PageResponse,
  ) {}

  /** Nobody awaits a filter: nothing in here may reject. */
  async catch(error: unknown, context: ArgumentsHost): Promise<void> {
    const http = context.switchToHttp();
    const request: unknown = http.getRequest();
    const { problem, headers } = answerTo(error, request);
    const page = await this.pageOf(problem, request);
    const response: unknown = http.getResponse();
    if (this.response.wasSent(response)) return;
    this.response.send(response, { ...page, headers: { ...headers, ...page.headers } });
  }

  private async pageOf({ status, code, detail, request_id }: Problem, request: unknown): Promise<Page> {
    try {
      return await this.pages.render('error', { code, detail, request_id, is_defect: status >= 500 }, status);
    } catch (error) {
      return this.pages.plain(answerTo(error, request).problem.status);
    }
  }
}
