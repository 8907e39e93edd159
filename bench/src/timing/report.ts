import { HostProcess, onDatabase, withHost } from '../hosts/host-process';
import type { Adapter } from '../hosts/protocol';
import type { BenchOptions } from '../options';
import { type Random, seededRandom } from '../random';
import { verdict } from '../report/row';
import { markdownTable } from '../report/table';
import { type Comparison, compare, type Estimate } from '../statistics';
import { ROUTES } from './classes';
import { measureRoute, MEMBER } from './measure';

const MAX_MS = 1;
const MAX_SHARE = 0.05;
const AUC_RANGE = [0.45, 0.55] as const;

const HEADER = ['', 'adapter', 'medians, ms', 'Δ, ms (99 % CI)', 'Δ', 'AUC (99 % CI)', 'verdict'];

/** Whether the time of an answer tells if an address has an account: a table. */
export async function timingReport(options: BenchOptions): Promise<string> {
  const { adapters, n, seed } = options;
  const random = seededRandom(seed);
  const rows: string[][] = [];
  for (const adapter of adapters) rows.push(...(await timingOf(adapter, options, random)));
  return `${n} requests of each class, seed ${seed}.\n\n${await markdownTable(HEADER, rows)}`;
}

function timingOf(adapter: Adapter, { n, databaseUrl }: BenchOptions, random: Random): Promise<string[][]> {
  return withHost(HostProcess.start('slow-mail', adapter), ({ port: smtpPort }) =>
    withHost(
      HostProcess.start('accounts', adapter, { smtpPort, ...onDatabase(databaseUrl) }),
      async (host) => {
        const rows: string[][] = [];
        await host.ask('seed', { group: MEMBER, count: 1, state: 'verified' });
        for (const route of ROUTES) {
          process.stderr.write(`${adapter}, timing: ${route.classes.map(({ name }) => name).join(', ')}\n`);
          const latencies = await measureRoute(host, route, n, random);
          for (const [first, second] of route.pairs) {
            const comparison = compare(latencies.get(first)!, latencies.get(second)!, random);
            rows.push([`${first} / ${second}`, adapter, ...cellsOf(comparison)]);
          }
        }
        return rows;
      },
    ),
  );
}

function cellsOf({ medians, difference, auc }: Comparison): string[] {
  const share = difference.value / medians[1];
  const isClose = Math.abs(difference.value) <= MAX_MS || Math.abs(share) <= MAX_SHARE;
  const isBlind = auc.value >= AUC_RANGE[0] && auc.value <= AUC_RANGE[1];
  return [
    medians.map((one) => one.toFixed(2)).join(' / '),
    withInterval(difference, 2),
    `${(share * 100).toFixed(1)} %`,
    withInterval(auc, 3),
    verdict(isClose && isBlind),
  ];
}

function withInterval({ value, low, high }: Estimate, digits: number): string {
  return `${value.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}
