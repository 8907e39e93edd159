import { HttpException, Logger } from '@nestjs/common';
import { problemOf, type ProblemAnswer } from './problem';
import { requestIdOf } from './request-id';

const logger = new Logger('RegStack');

/** A refusal on a route that may be the host's: Nest's own filter answers it with our body. */
export class ProblemException extends HttpException {
  constructor(readonly answer: ProblemAnswer) {
    super({ ...answer.problem }, answer.problem.status);
  }
}

/** The answer to an error, logged when it was not expected. What the guard has answered (and logged) already stays as it is. */
export function answerTo(error: unknown, request: unknown): ProblemAnswer {
  if (error instanceof ProblemException) return error.answer;
  const answer = problemOf(error, requestIdOf(request));
  const { problem, defect } = answer;
  if (defect !== undefined) logger.error(`request ${problem.request_id}: ${problem.code}`, stackOf(defect));
  return answer;
}

/** For the log. Messages of drivers name columns and rules; parameters never reach them. */
function stackOf(defect: unknown): string {
  return defect instanceof Error ? (defect.stack ?? defect.message) : 'not an error';
}
