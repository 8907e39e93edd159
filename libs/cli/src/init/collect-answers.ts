import { ConfigError } from '@regstack/nestjs';
import { variableOf } from '../app/secret-settings';
import { EXIT, Refusal } from '../refusal';
import { whyNotKept } from './config-text';
import type { Answers, Question } from './question';
import { QUESTIONS } from './questions';
import { configOf, settingsOf } from './settings';

/** Where an answer comes from that nobody has given yet: a prompt, or the defaults. Empty or undefined: none. */
export type AnswerSource = (question: Question, before: Answers) => Promise<string | undefined>;

/**
 * Goes through the questions that follow from each other.
 * @param given answers of flags and variables, which are not asked for again
 * @throws Refusal for the first answer that the app would refuse
 */
export async function collectAnswers(given: Answers, source: AnswerSource): Promise<Answers> {
  const answers = new Map<string, string>();
  for (const question of QUESTIONS) {
    const { key } = question;
    if (question.isAsked?.(answers) === false) continue;
    const answer = given.get(key) ?? (await source(question, answers));
    if (answer) answers.set(key, answer);
    const problem = problemWith(question, answers);
    if (problem !== null) throw new Refusal(`${nameOf(question)}: ${problem}`, EXIT.usage);
  }
  return answers;
}

/** Why the app would refuse the answer to this question, together with the others; null: it would not. */
export function problemWith({ key, choices }: Question, answers: Answers): string | null {
  const settings = settingsOf(answers);
  const setting = key === 'database_password' ? 'database_url' : key;
  const [value, answer] = [settings.get(setting), answers.get(key)];
  if (choices && !choices.some((one) => one.value === answer)) {
    return `must be one of ${choices.map((one) => one.value).join(', ')}`;
  }
  return (value === undefined ? null : whyNotKept(setting, value)) ?? refusalOf(setting, settings);
}

/** How scripts give the answer to a question. */
export function nameOf({ key, flag }: Question): string {
  return flag?.split(' ', 1)[0] ?? variableOf(key);
}

function refusalOf(setting: string, settings: Answers): string | null {
  try {
    configOf(settings);
    return null;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.find(({ key }) => key === setting)?.message ?? null;
  }
}
