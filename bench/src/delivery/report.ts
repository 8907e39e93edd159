import type { BenchOptions } from '../options';
import { times, verdict } from '../report/row';
import { markdownTable } from '../report/table';
import { quantile } from '../statistics';
import type { Condition } from './mail-server';
import { Delivery, type FullQueue, type Outage } from './measure';
import { type RequestName, REQUESTS } from './requests';

/** Goals: of the 99th percentile against the one with the mail server up, and of the time until everything has arrived, seconds. */
const MAX_RATIO = 1.2;
const MAX_SECONDS = 120;

const TITLES: Readonly<Record<Condition, string>> = {
  up: 'takes mails',
  refusing: 'refuses connections',
  silent: 'never greets',
  busy: 'says 451',
  slow: 'takes 30 s a mail',
  cutting: 'cuts connections',
};
const OUTAGES = ['refusing', 'silent', 'busy', 'slow', 'cutting'] as const;

/** Whether mails get lost, come twice or hold up requests when the mail server or the app is down: tables. */
export async function deliveryReport(
  options: BenchOptions,
): Promise<{ readonly text: string; readonly isMet: boolean }> {
  const texts: string[] = [];
  let haveAllCome = true;
  for (const adapter of options.adapters) {
    const delivery = await Delivery.begin(adapter, options);
    try {
      const result = await resultsOf(delivery, options);
      texts.push(await textOf(adapter, options, result));
      haveAllCome &&= [...result.outages, result.queue].every(
        ({ expected, arrived }) => arrived === expected,
      );
    } finally {
      await delivery.end();
    }
  }
  return { text: texts.join('\n\n'), isMet: haveAllCome };
}

interface Results {
  readonly outages: readonly Outage[];
  readonly queue: FullQueue;
}

/** With the server up at the beginning and at the end, so that what the machine does meanwhile is seen. */
async function resultsOf(delivery: Delivery, { n, minutes }: BenchOptions): Promise<Results> {
  const outages: Outage[] = [];
  for (const [i, condition] of (['up', ...OUTAGES, 'up'] as const).entries()) {
    process.stderr.write(`delivery: the mail server ${TITLES[condition]}\n`);
    const outage = await delivery.during(condition, `${condition} ${i}`, n, minutes * 60);
    process.stderr.write(`  ${outage.arrived} of ${outage.expected} after ${outage.seconds.toFixed(0)} s\n`);
    outages.push(outage);
  }
  process.stderr.write('delivery: kills\n');
  return { outages, queue: await delivery.kills(n) };
}

async function textOf(adapter: string, options: BenchOptions, { outages, queue }: Results): Promise<string> {
  const { n, minutes, databaseUrl } = options;
  const [database = 'sqlite'] = databaseUrl?.split(':', 1) ?? [];
  const usual = outages.filter(({ condition }) => condition === 'up');
  const rows = outages.map((outage) => [
    TITLES[outage.condition],
    ...REQUESTS.map((name) => latencyCell(outage, name, usual)),
    `${outage.arrived} of ${outage.expected}`,
    String(outage.twice),
    outage.seconds.toFixed(0),
    verdict(isMet(outage, usual)),
  ]);
  const header = ['the mail server', ...REQUESTS, 'arrived', 'twice', 'all after, s', 'verdict'];
  const head = `${n} requests in ${minutes} min for each row, ${adapter}, ${database}. Latencies: median / p99, ms (p99 against the rows with the server up).`;
  return `${head}\n\n${await markdownTable(header, rows)}\n\n${queueText(queue)}`;
}

function latencyCell({ condition, latencies }: Outage, name: RequestName, usual: readonly Outage[]): string {
  const [median, p99] = [0.5, 0.99].map((share) => quantile(latencies[name], share));
  const ratio = condition === 'up' ? '' : ` (${times(p99! / usualP99(usual, name))})`;
  return `${median!.toFixed(1)} / ${p99!.toFixed(1)}${ratio}`;
}

function usualP99(usual: readonly Outage[], name: RequestName): number {
  const all = usual.flatMap(({ latencies }) => latencies[name]);
  return quantile(all, 0.99);
}

function isMet({ latencies, expected, arrived, twice, seconds }: Outage, usual: readonly Outage[]): boolean {
  const isUsual = REQUESTS.every(
    (name) => quantile(latencies[name], 0.99) <= MAX_RATIO * usualP99(usual, name),
  );
  return isUsual && arrived === expected && twice === 0 && seconds <= MAX_SECONDS;
}

function queueText({ expected, arrived, twice, kills, rate, mails, connections }: FullQueue): string {
  return [
    `Killed ${kills} times (SIGKILL) while it sent a queue of ${expected}: ${arrived} arrived, ${twice} came twice`,
    `(${(twice / kills).toFixed(2)} a kill; goal: at most 1, ${verdict(twice <= kills && arrived === expected)}).`,
    `A full queue leaves at ${rate.toFixed(0)} mails a second, ${mails} of them over ${connections} connections.`,
  ].join(' ');
}
