import { type HostName, HostProcess, withHost } from '../hosts/host-process';
import type { Adapter } from '../hosts/protocol';
import { Connection } from '../load/connection';
import type { BenchOptions } from '../options';
import { ratioRow, type RatioRow, times } from '../report/row';
import { inTurn, summaryOf } from './rounds';

interface Start {
  /** From the start of the process to its first answer, ms. */
  readonly ms: number;
  /** Resident memory at rest, bytes. */
  readonly bytes: number;
}

const SHOW_MS = { value: (ms: number) => `${ms.toFixed(0)} ms`, ratio: times };
const SHOW_MIB = { value: (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`, ratio: times };

/** Start-up time and memory at rest against a Nest app without the module. */
export async function startRatios(adapter: Adapter, { starts }: BenchOptions): Promise<RatioRow[]> {
  const [bare, accounts] = [() => start('bare', adapter), () => start('accounts', adapter)];
  // Nobody's first start: files that are not in the page cache yet.
  await accounts();
  const pairs = await inTurn(starts, `${adapter}, start`, bare, accounts);
  const time = summaryOf(pairs.map(([one, other]) => [one.ms, other.ms]));
  const memory = summaryOf(pairs.map(([one, other]) => [one.bytes, other.bytes]));
  return [
    ratioRow('start to first answer, against a bare app', adapter, time, SHOW_MS, null),
    ratioRow('memory at rest, against a bare app', adapter, memory, SHOW_MIB, null),
  ];
}

async function start(name: HostName, adapter: Adapter): Promise<Start> {
  const began = performance.now();
  return withHost(HostProcess.start(name, adapter), async (host) => {
    const connection = new Connection(host.url);
    await connection.expect(200, { method: 'GET', path: '/bare' });
    const ms = performance.now() - began;
    connection.close();
    return { ms, bytes: await host.ask('memory', {}) };
  });
}
