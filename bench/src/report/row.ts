import type { Adapter } from '../hosts/protocol';
import type { Rounds } from '../ratios/rounds';

/** One measurement, as the table shows it. */
export interface RatioRow {
  readonly measure: string;
  readonly adapter: Adapter;
  readonly reference: string;
  readonly measured: string;
  readonly ratio: string;
  readonly goal: string;
  readonly verdict: string;
}

/** What a ratio is held to. */
export interface Goal {
  readonly text: string;
  readonly isMet: (ratio: number) => boolean;
}

/** At least this share. */
export const atLeast = (share: number): Goal => ({
  text: `≥ ${percent(share)}`,
  isMet: (ratio) => ratio >= share,
});

/** At most this multiple. */
export const atMost = (most: number): Goal => ({ text: `≤ ${most} ×`, isMet: (ratio) => ratio <= most });

/** A row. Without a goal it is only shown. */
export function ratioRow(
  measure: string,
  adapter: Adapter,
  rounds: Rounds,
  show: { readonly value: (value: number) => string; readonly ratio: (ratio: number) => string },
  goal: Goal | null,
): RatioRow {
  const [low, high] = rounds.range;
  return {
    measure,
    adapter,
    reference: show.value(rounds.first),
    measured: show.value(rounds.second),
    ratio: `${show.ratio(rounds.ratio)} (${show.ratio(low)} to ${show.ratio(high)})`,
    goal: goal?.text ?? '–',
    verdict: goal === null ? '–' : verdictOf(goal, rounds),
  };
}

/** The medians decide; where single rounds say otherwise, that is told. */
function verdictOf({ isMet }: Goal, { ratio, range }: Rounds): string {
  const agree = range.every((one) => isMet(one) === isMet(ratio));
  return verdict(isMet(ratio)) + (agree ? '' : ' (not in every round)');
}

/** Whether a goal is met, in a word. */
export function verdict(isMet: boolean): string {
  return isMet ? 'met' : '**missed**';
}

/** A share in percent. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

/** A multiple. */
export function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}
