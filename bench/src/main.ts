import { type BenchOptions, optionsFrom } from './options';
import { deliveryReport } from './delivery/report';
import { floodReport } from './flood/report';
import { pagingReport } from './paging/report';
import { ratiosOf } from './ratios/ratios';
import { provenance, writeBlock } from './report/document';
import type { RatioRow } from './report/row';
import { markdownTable } from './report/table';
import { timingReport } from './timing/report';

async function main(): Promise<void> {
  const options = optionsFrom(process.argv.slice(2));
  const report = await REPORTS[options.what](options);
  const text = `${provenance()}\n\n${report.text}`;
  process.stdout.write(`\n${text}\n`);
  if (options.write) await writeBlock(options.what, text);
  if (!report.isMet) process.exitCode = 1;
}

/** How fast a machine is decides no exit code; what must never happen does. */
const told = (report: (options: BenchOptions) => Promise<string>) => async (options: BenchOptions) => ({
  text: await report(options),
  isMet: true,
});

const REPORTS = {
  ratios: told(ratioReport),
  timing: told(timingReport),
  paging: told(pagingReport),
  flood: floodReport,
  delivery: deliveryReport,
};

async function ratioReport(options: BenchOptions): Promise<string> {
  const rows: RatioRow[] = [];
  for (const adapter of options.adapters) rows.push(...(await ratiosOf(adapter, options)));
  const cells = rows.map((row) => [
    row.measure,
    row.adapter,
    row.reference,
    row.measured,
    row.ratio,
    row.goal,
    row.verdict,
  ]);
  const header = ['', 'adapter', 'reference', 'measured', 'ratio (lowest to highest)', 'goal', 'verdict'];
  const { rounds, seconds, starts } = options;
  const length = `Medians of ${rounds} rounds of ${seconds} s each; of ${starts} starts.`;
  return `${length}\n\n${await markdownTable(header, cells)}`;
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
