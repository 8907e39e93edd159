import { Injectable } from '@nestjs/common';
import { mayHoldPassword } from '../app/secret-settings';
import { Prompts } from '../prompts';
import { type AnswerSource, problemWith } from './collect-answers';
import type { Answers, Question } from './question';
import { defaultOf } from './settings';

/** What a URL of a database is told that holds a password and could be read by others where it stands. */
export const NO_PASSWORD_HERE =
  'must not hold a password here; leave it out, a terminal asks for it unseen, or set REGSTACK_DATABASE_URL';

/** The default, as text; undefined: none. */
export const byDefault: AnswerSource = async ({ key, byDefault: own }) => own ?? defaultOf(key)?.toString();

/** Asks at prompts. An answer that the app would refuse is told its rule and asked for again. */
@Injectable()
export class Interview {
  constructor(private readonly prompts: Prompts) {}

  /** One answer. */
  async ask(question: Question, before: Answers): Promise<string> {
    const { message, kind, choices } = question;
    const fallback = (await byDefault(question, before)) ?? '';
    const check = (answer: string) => shownProblem(question, before, answer);
    if (kind === 'secret') return this.prompts.secret(message, check);
    if (kind === 'switch') return String(await this.prompts.confirm(message, fallback === 'true'));
    if (choices) return this.prompts.choose(message, choices, { fallback, check });
    return this.prompts.text(message, { fallback, check });
  }
}

function shownProblem(question: Question, before: Answers, answer: string): string | null {
  if (question.key === 'database_url' && mayHoldPassword(answer)) return NO_PASSWORD_HERE;
  return problemWith(question, answer === '' ? before : new Map([...before, [question.key, answer]]));
}
