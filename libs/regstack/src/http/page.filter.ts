import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { PageRenderer } from '../ui/page.renderer';
import { PageResponse } from './page.response';
import { answerTo } from './problem.exception';

/** Answers every refusal on our pages with a page that says what to do. */
@Catch()
export class PageFilter implements ExceptionFilter {
  constructor(
    private readonly pages: PageRenderer,
    private readonly response: PageResponse,
  ) {}

  async catch(error: unknown, context: ArgumentsHost): Promise<void> {
    const { problem, headers } = answerTo(error);
    const { status, detail, request_id } = problem;
    const page = await this.pages.render('error', { detail, request_id, is_defect: status >= 500 }, status);
    const response: unknown = context.switchToHttp().getResponse();
    this.response.send(response, { ...page, headers: { ...headers, ...page.headers } });
  }
}
