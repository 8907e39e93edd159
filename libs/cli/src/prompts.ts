import { Injectable } from '@nestjs/common';
import { EXIT, Refusal } from './refusal';

/** What is wrong with an answer, shown below the prompt; null: nothing. */
export type AnswerCheck = (answer: string) => string | null;

/** One of the answers to choose from. */
export interface Choice {
  readonly value: string;
  /** What it means, beside it. Default: nothing. */
  readonly hint?: string;
}

/** How an answer is asked for. */
export interface AnswerOptions {
  /** What an empty answer stands for, and where a choice begins. Default: the empty text, the first one. */
  readonly fallback?: string;
  /** An answer that it refuses is asked for again. Default: all are taken. */
  readonly check?: AnswerCheck;
}

/**
 * Questions to somebody in front of a terminal; ask `Terminal.isInteractive` first.
 * Each of them throws a Refusal with `EXIT.cancelled` when the answer is Ctrl-C or Escape.
 */
@Injectable()
export class Prompts {
  /** A line of text. */
  async text(message: string, { fallback = '', check }: AnswerOptions = {}): Promise<string> {
    const { text } = await this.library();
    const validate = (answer = '') => check?.(answer || fallback) ?? undefined;
    return answered(await text({ message, placeholder: fallback, defaultValue: fallback, validate }));
  }

  /** A line that is not shown. It may be empty. */
  async secret(message: string, check?: AnswerCheck): Promise<string> {
    const { password } = await this.library();
    const validate = (answer = '') => check?.(answer) ?? undefined;
    return answered(await password({ message, validate, clearOnError: true }));
  }

  /** One of several answers; one that the check refuses is asked for again. */
  async choose(
    message: string,
    choices: readonly Choice[],
    { fallback, check }: AnswerOptions,
  ): Promise<string> {
    const { log, select } = await this.library();
    for (;;) {
      const answer = answered(await select({ message, options: [...choices], initialValue: fallback }));
      const problem = check?.(answer) ?? null;
      if (problem === null) return answer;
      log.warn(problem);
    }
  }

  /** Yes or no. */
  async confirm(message: string, initial: boolean): Promise<boolean> {
    const { confirm } = await this.library();
    return answered(await confirm({ message, initialValue: initial }));
  }

  /** Loaded when somebody is asked: most commands ask nothing. */
  private library(): Promise<typeof import('@clack/prompts')> {
    // A terminal that does not say how wide it is, as one of `script` or of Python's `pty`: each letter would get a line of its own.
    process.stdout.columns ||= 80;
    return import('@clack/prompts');
  }
}

function answered<T>(answer: T): Exclude<T, symbol> {
  if (typeof answer === 'symbol') throw new Refusal('cancelled', EXIT.cancelled);
  return answer as Exclude<T, symbol>;
}
