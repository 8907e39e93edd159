import type { Choice } from '../prompts';

/** Answers by the key of their question, as text: `email.smtp_port` → `587`. What was left empty is not in it. */
export type Answers = ReadonlyMap<string, string>;

/** Something that `init` asks. */
export interface Question {
  /** Setting that it answers, as files name it; `settings.ts` says what becomes of the few that are none. */
  readonly key: string;
  /** The question at its prompt, and the description of its flag. */
  readonly message: string;
  /** A secret is asked unseen, and has no flag. */
  readonly kind: 'line' | 'choice' | 'switch' | 'secret';
  /** How scripts answer: `--app-name <name>`; a switch `--pages`, and `--no-pages`. */
  readonly flag?: string;
  /** What there is to choose from. */
  readonly choices?: readonly Choice[];
  /** The default where the setting has none, or another one. */
  readonly byDefault?: string;
  /** Whether it follows from the answers before it. Default: always. */
  readonly isAsked?: (before: Answers) => boolean;
}
