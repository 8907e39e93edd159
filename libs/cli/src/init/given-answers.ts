import { ALWAYS_SECRET, mayHoldPassword, variableOf } from '../app/secret-settings';
import { EXIT, Refusal } from '../refusal';
import { nameOf } from './collect-answers';
import { NO_PASSWORD_HERE } from './interview';
import type { Answers, Question } from './question';
import { QUESTIONS } from './questions';

/** Values of flags, by the name that commander gives them. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** What can hold a password comes from variables, which other users of the machine cannot read. */
export const FROM_VARIABLES: readonly string[] = ['database_url', ...ALWAYS_SECRET];

/**
 * The answers that flags give.
 * @throws Refusal for a password in one
 */
export function answersOfFlags(flags: Flags): Answers {
  const answers = new Map<string, string>();
  for (const question of QUESTIONS) {
    const value = flags[attributeOf(question)];
    if (value !== undefined) answers.set(question.key, String(value));
  }
  if (!mayHoldPassword(answers.get('database_url') ?? '')) return answers;
  throw new Refusal(`--database-url: ${NO_PASSWORD_HERE}`, EXIT.usage);
}

/** The answers that variables give: of secrets alone. */
export function answersOfVariables(env: NodeJS.ProcessEnv): Answers {
  const answers = new Map<string, string>();
  for (const key of FROM_VARIABLES) {
    const value = env[variableOf(key)];
    if (value) answers.set(key, value);
  }
  return answers;
}

/**
 * Refuses flags that say nothing beside the other answers: somebody meant something by them.
 * @throws Refusal naming the first
 */
export function refuseUnused(flags: Answers, answers: Answers): void {
  const unused = QUESTIONS.find(({ key }) => flags.get(key) && !answers.has(key));
  if (!unused) return;
  throw new Refusal(
    `${nameOf(unused)}: does not go with the other answers; leave it out, or mend those`,
    EXIT.usage,
  );
}

function attributeOf(question: Question): string {
  return nameOf(question)
    .slice(2)
    .replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
