import type { HostProcess } from '../hosts/host-process';
import type { Adapter } from '../hosts/protocol';
import { CONNECTIONS } from '../load/login-accounts';
import { saturateLogin } from '../load/saturate';
import type { BenchOptions } from '../options';
import { atLeast, percent, ratioRow, type RatioRow } from '../report/row';
import { inTurn, summaryOf } from './rounds';

const GOAL = atLeast(0.95);

/** Sign-ins per second against the rate at which the same threads verify hashes when there is nothing else to do. */
export async function loginRatio(
  host: HostProcess,
  adapter: Adapter,
  { rounds, seconds }: BenchOptions,
): Promise<RatioRow> {
  const raw = (): Promise<number> => host.ask('hash', { seconds, concurrency: CONNECTIONS });
  const logins = (): Promise<number> => saturateLogin(host.url, seconds);
  await logins();
  await raw();
  const result = summaryOf(await inTurn(rounds, `${adapter}, logins`, raw, logins));
  const show = { value: (value: number) => `${value.toFixed(1)}/s`, ratio: percent };
  return ratioRow('logins against the raw hash rate', adapter, result, show, GOAL);
}
