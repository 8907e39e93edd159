import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ProblemException } from './problem.exception';
import { problemOf } from './problem';

/** Answers every refusal on our JSON routes as problem+json. Stands on our controllers only; the host's routes have the host's filters. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('RegStack');

  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const response: unknown = context.switchToHttp().getResponse();
    const { problem, headers, defect } = error instanceof ProblemException ? error.answer : problemOf(error);
    if (defect !== undefined)
      this.logger.error(`request ${problem.request_id}: ${problem.code}`, stackOf(defect));
    if (httpAdapter.isHeadersSent(response)) return;
    for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value);
    httpAdapter.reply(response, JSON.stringify(problem), problem.status);
  }
}

/** For the log. Messages of drivers name columns and rules; parameters never reach them. */
export function stackOf(defect: unknown): string {
  return defect instanceof Error ? (defect.stack ?? defect.message) : 'not an error';
}
