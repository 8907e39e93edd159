import type { HostProcess } from '../hosts/host-process';
import type { Adapter } from '../hosts/protocol';
import { saturateRoute } from '../load/saturate';
import type { BenchOptions } from '../options';
import { atLeast, percent, ratioRow, type RatioRow } from '../report/row';
import { inTurn, summaryOf } from './rounds';

/** On Express. A database that is another process costs more than a file. */
const GOALS = { file: atLeast(0.65), server: atLeast(0.5) };

/** Requests per second of the guarded route against the one that nobody guards, on one server. */
export async function guardRatio(
  host: HostProcess,
  token: string,
  adapter: Adapter,
  { rounds, seconds, databaseUrl }: BenchOptions,
): Promise<RatioRow> {
  const bare = (): Promise<number> => saturateRoute(host.url, '/bare', seconds);
  const guarded = (): Promise<number> => saturateRoute(host.url, '/guarded', seconds, token);
  await bare();
  await guarded();
  const result = summaryOf(await inTurn(rounds, `${adapter}, guarded route`, bare, guarded));
  const show = { value: (value: number) => `${value.toFixed(0)}/s`, ratio: percent };
  const goal = adapter === 'express' ? GOALS[databaseUrl === null ? 'file' : 'server'] : null;
  return ratioRow('guarded route against the bare one', adapter, result, show, goal);
}
