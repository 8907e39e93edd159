import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { formatted } from './table';

const DOCUMENT = resolve(__dirname, '../../../docs/performance.md');

/** Where a result stands in the document. */
export type Block = 'ratios' | 'timing' | 'paging' | 'flood' | 'delivery';

/** The machine and the day, as a line over a table. */
export function provenance(): string {
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const machine = `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${availableParallelism()} cores, ${memory}`;
  return `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine}, Node ${process.versions.node}.`;
}

/** Replaces what stands between the two markers of a block. */
export async function writeBlock(block: Block, text: string): Promise<void> {
  const [begin, end] = [`<!-- bench:${block} -->`, `<!-- bench:${block} end -->`];
  const document = readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no markers "${begin}" and "${end}"`);
  const changed = `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
  writeFileSync(DOCUMENT, await formatted(changed));
}
