import { HttpException } from '@nestjs/common';
import { problemOf, type ProblemAnswer } from './problem';

/** A refusal on a route that may be the host's: Nest's own filter answers it with our body. */
export class ProblemException extends HttpException {
  readonly answer: ProblemAnswer;

  constructor(error: unknown) {
    const answer = problemOf(error);
    super({ ...answer.problem }, answer.problem.status, { cause: error });
    this.answer = answer;
  }
}
