import type { Adapter } from '../hosts/protocol';
import type { BenchOptions } from '../options';
import { verdict } from '../report/row';
import { markdownTable } from '../report/table';
import { median } from '../statistics';
import { DemoProcess } from './demo-process';
import { type FloodKind, floodKinds } from './kinds';
import { type Flood, flood, LIMIT } from './measure';
import { PostOffice } from './post-office';
import { Victims } from './victim';

const HEADER = ['', 'adapter', 'requests', 'answers', 'messages', 'median, ms', 'longest, ms', 'verdict'];

interface Outcome {
  readonly kind: FloodKind;
  readonly adapter: Adapter;
  readonly result: Flood;
  readonly messages: number;
}

/** How many messages somebody can have sent to a stranger, and whether the answers tell when there were enough: a table. */
export async function floodReport(
  options: BenchOptions,
): Promise<{ readonly text: string; readonly isMet: boolean }> {
  const outcomes: Outcome[] = [];
  for (const adapter of options.adapters) outcomes.push(...(await outcomesOn(adapter, options)));
  for (const outcome of outcomes.filter((one) => !isMet(one))) tell(outcome);
  const [database = 'sqlite'] = options.databaseUrl?.split(':', 1) ?? [];
  const text = `${options.n} requests of each kind, ${database}.\n\n${await markdownTable(HEADER, outcomes.map(cellsOf))}`;
  return { text, isMet: outcomes.every(isMet) };
}

async function outcomesOn(adapter: Adapter, { n, databaseUrl }: BenchOptions): Promise<Outcome[]> {
  const office = await PostOffice.open();
  const demo = await DemoProcess.start(adapter, databaseUrl, office);
  const victims = new Victims(demo.url, office);
  try {
    const results: (readonly [FloodKind, Flood])[] = [];
    for (const kind of await floodKinds(victims)) {
      process.stderr.write(`${adapter}, flood: ${kind.name}\n`);
      results.push([kind, await flood(demo.url, kind, n, office)]);
    }
    // What was stored before is sent before this one, or is under way; the demo finishes that when it is stopped.
    await victims.verified('last');
    await demo.stop();
    return results.map(([kind, result]) => {
      const messages = office.countTo(kind.recipient) - kind.others;
      return { kind, adapter, result, messages };
    });
  } finally {
    victims.close();
    await demo.stop();
    office.close();
  }
}

function isMet({ kind, result: { answers }, messages }: Outcome): boolean {
  const [answer, ...others] = answers.keys();
  return others.length === 0 && answer!.startsWith(`${kind.status} `) && messages === LIMIT;
}

function tell({ kind, adapter, result: { answers } }: Outcome): void {
  const lines = [...answers].map(([answer, times]) => `  ${times} × ${answer}`);
  process.stderr.write(`${adapter}, ${kind.name} answered:\n${lines.join('\n')}\n`);
}

function cellsOf(outcome: Outcome): string[] {
  const { kind, adapter, result, messages } = outcome;
  const { latencies, answers } = result;
  return [
    kind.name,
    adapter,
    String(latencies.length),
    `${answers.size} (${[...new Set([...answers.keys()].map((one) => one.slice(0, 3)))].join(', ')})`,
    `${messages} of ${LIMIT}`,
    median(latencies).toFixed(1),
    Math.max(...latencies).toFixed(0),
    verdict(isMet(outcome)),
  ];
}
