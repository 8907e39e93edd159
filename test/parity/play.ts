import { type Answer, Performance } from './performance';
import { openHouse } from './house';
import type { Phase } from './sequence';
import type { Stage } from '../support/stage/stage';
import { shortened, type Step } from './step';

/** A step with what came of it on the store that the others are held to. */
export interface Recorded {
  readonly step: Step;
  readonly answer: Answer;
}

/** The first step of which something else came. */
export interface Difference {
  /** From 0. */
  readonly index: number;
  readonly step: Step;
  readonly expected: Answer;
  readonly found: Answer;
}

/** Plays the sequence and keeps every answer. */
export async function record(stage: Stage, phases: readonly Phase[]): Promise<readonly Recorded[]> {
  const recorded: Recorded[] = [];
  await play(stage, phases, (step, answer) => recorded.push({ step, answer }) > 0);
  return recorded;
}

/** Plays the sequence up to the first answer that is not the recorded one; null when all are equal. */
export async function replay(
  stage: Stage,
  phases: readonly Phase[],
  recorded: readonly Recorded[],
): Promise<Difference | null> {
  let index = -1;
  let difference: Difference | null = null;
  await play(stage, phases, (step, found) => {
    const expected = recorded[(index += 1)]!.answer;
    if (!isEqual(expected, found)) difference = { index, step, expected, found };
    return difference === null;
  });
  return difference;
}

/** A difference as a person wants to read it: what was sent, what came, what led to it, and how to see it again. */
export function told(
  { index, step, expected, found }: Difference,
  { seed, store, recorded }: { seed: string; store: string; recorded: readonly Recorded[] },
): string {
  const parts = (Object.keys(expected) as (keyof Answer)[]).filter(
    (part) => !isEqual(expected[part], found[part]),
  );
  const before = recorded
    .slice(0, index)
    .filter(({ step: { of } }) => of === step.of)
    .slice(-8)
    .map(
      ({ step: { route, wait, story }, answer: { status } }) =>
        `  +${wait} ms ${route} → ${status} (${story})`,
    );
  return [
    `step ${index + 1} of ${recorded.length} differs on ${store}; seed ${seed}`,
    shortened(JSON.stringify(step)),
    ...parts.flatMap((part) => [
      `${part} on memory: ${where(expected[part], found[part])}`,
      `${part} on ${store}: ${where(found[part], expected[part])}`,
    ]),
    `before it, of the same mailbox:`,
    ...before,
    `again: REGSTACK_TEST_PARITY_SEED=${seed} REGSTACK_TEST_PARITY_STEPS=${recorded.length} npx jest --selectProjects parity`,
  ].join('\n');
}

/** @param hear answers false to end the play */
async function play(
  stage: Stage,
  phases: readonly Phase[],
  hear: (step: Step, answer: Answer) => boolean,
): Promise<void> {
  const performance = new Performance(stage);
  for (const { settings, steps } of phases) {
    await openHouse(stage, settings);
    for (const step of steps) if (!hear(step, await performance.perform(step).catch(noAnswer))) return;
  }
}

/** What takes the place of an answer that did not come. */
const noAnswer = (error: Error): Answer => ({
  status: 0,
  headers: [],
  body: `${error.name}: ${error.message}`,
  mails: [],
  texts: [],
  events: [],
});

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The part of a value around the place where it leaves the other. */
function where(value: unknown, other: unknown): string {
  const [text, otherText] = [JSON.stringify(value), JSON.stringify(other)];
  let place = 0;
  while (place < text.length && text[place] === otherText[place]) place += 1;
  return shortened(text.slice(Math.max(0, place - 300)), 700);
}
