import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { PageRenderer } from '../ui/page.renderer';
import { PageResponse } from './page.response';
import { problemOf } from './problem';
import { stackOf } from './problem.filter';

/** Answers every refusal on our pages with a page that says what to do. */
@Catch()
export class PageFilter implements ExceptionFilter {
  private readonly logger = new Logger('RegStack');

  constructor(
    private readonly pages: PageRenderer,
    private readonly response: PageResponse,
  ) {}

  async catch(error: unknown, context: ArgumentsHost): Promise<void> {
    const { problem, headers, defect } = problemOf(error);
    if (defect !== undefined)
      this.logger.error(`request ${problem.request_id}: ${problem.code}`, stackOf(defect));
    const { status, detail, request_id } = problem;
    const page = await this.pages.render('error', { detail, request_id, is_defect: status >= 500 }, status);
    this.response.send(context.switchToHttp().getResponse(), {
      ...page,
      headers: { ...headers, ...page.headers },
    });
  }
}
