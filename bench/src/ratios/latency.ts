import { setTimeout as delay } from 'node:timers/promises';
import type { HostProcess } from '../hosts/host-process';
import type { Adapter } from '../hosts/protocol';
import { saturateLogin } from '../load/saturate';
import { steady } from '../load/steady';
import type { BenchOptions } from '../options';
import { atMost, ratioRow, type RatioRow, times } from '../report/row';
import { quantile } from '../statistics';
import { inTurn, summaryOf } from './rounds';

const GOAL = atMost(2);
const PACE = { connections: 4, everyMs: 5 };

/** Time in which a storm of logins fills the queue before it is measured, s. */
const BUILD_UP = 1;

/** 99th percentile of the guarded route under a light load: while nothing else happens, and while 32 connections sign in. */
export async function latencyRatio(
  host: HostProcess,
  token: string,
  adapter: Adapter,
  { rounds, seconds }: BenchOptions,
): Promise<RatioRow> {
  const shot = { method: 'GET', path: '/guarded', token } as const;
  const p99 = async (): Promise<number> => quantile(await steady(host.url, shot, { ...PACE, seconds }), 0.99);
  const idle = async (): Promise<number> => {
    await host.ask('hash', { seconds: 0, concurrency: 1 });
    return p99();
  };
  const stormy = async (): Promise<number> => {
    const storm = saturateLogin(host.url, seconds + 2 * BUILD_UP, { apart: true });
    const [measured] = await Promise.all([delay(BUILD_UP * 1000).then(p99), storm]);
    return measured;
  };
  await idle();
  const result = summaryOf(await inTurn(rounds, `${adapter}, latency`, idle, stormy));
  const show = { value: (value: number) => `${value.toFixed(2)} ms`, ratio: times };
  return ratioRow('p99 of the guarded route while 32 connections log in', adapter, result, show, GOAL);
}
