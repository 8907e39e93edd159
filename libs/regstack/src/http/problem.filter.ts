import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { answerTo } from './problem.exception';
import { setHeaders } from './set-headers';

/** Answers every refusal on our JSON routes as problem+json. Stands on our controllers only; the host's routes have the host's filters. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const http = context.switchToHttp();
    const response: unknown = http.getResponse();
    const { problem, headers } = answerTo(error, http.getRequest());
    if (httpAdapter.isHeadersSent(response)) return;
    setHeaders(this.adapterHost, response, headers);
    // As text: Express would set a content type of its own for an object on Nest 11.
    httpAdapter.reply(response, JSON.stringify(problem), problem.status);
  }
}
