import type { HostProcess } from '../hosts/host-process';
import type { Adapter } from '../hosts/protocol';
import { saturateRoute } from '../load/saturate';
import type { BenchOptions } from '../options';
import { atLeast, percent, ratioRow, type RatioRow } from '../report/row';
import { inTurn, summaryOf } from './rounds';

const GOAL = atLeast(0.65);

/** Requests per second of the guarded route against the one that nobody guards, on one server. */
export async function guardRatio(
  host: HostProcess,
  token: string,
  adapter: Adapter,
  { rounds, seconds }: BenchOptions,
): Promise<RatioRow> {
  const bare = (): Promise<number> => saturateRoute(host.url, '/bare', seconds);
  const guarded = (): Promise<number> => saturateRoute(host.url, '/guarded', seconds, token);
  await bare();
  await guarded();
  const result = summaryOf(await inTurn(rounds, `${adapter}, guarded route`, bare, guarded));
  const show = { value: (value: number) => `${value.toFixed(0)}/s`, ratio: percent };
  const goal = adapter === 'express' ? GOAL : null;
  return ratioRow('guarded route against the bare one', adapter, result, show, goal);
}
