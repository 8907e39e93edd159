import { parseArgs } from 'node:util';
import { type Adapter, ADAPTERS } from './hosts/protocol';

/** What to measure, and how long. */
export interface BenchOptions {
  readonly what: 'ratios' | 'timing' | 'paging' | 'flood' | 'delivery';
  readonly adapters: readonly Adapter[];
  /** Measurements of each kind; their median counts. */
  readonly rounds: number;
  /** Length of one of them. */
  readonly seconds: number;
  /** Starts of each kind of process. */
  readonly starts: number;
  /** Requests of each class or kind; for `paging` the users. */
  readonly n: number;
  /** How long the mail server stays in each condition. */
  readonly minutes: number;
  readonly seed: number;
  /** Another database than a fresh SQLite file, for everything that is served; null for that. Tables with prefixes of their own stay in it. */
  readonly databaseUrl: string | null;
  /** Write the table into docs/performance.md. */
  readonly write: boolean;
}

/**
 * Reads the command line: `[timing | paging | flood | delivery] [--adapters express,fastify] [--adapter express] [--rounds 5] [--seconds 4] [--starts 5]
 * [--n 1000] [--minutes 1] [--seed 1] [--database-url postgres://…] [--write]`.
 */
export function optionsFrom(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      adapters: { type: 'string' },
      adapter: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      starts: { type: 'string', default: '5' },
      n: { type: 'string' },
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      'database-url': { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const what = whatOf(positionals);
  const adapters =
    values.adapters ??
    values.adapter ??
    (what === 'timing' || what === 'delivery' ? 'express' : ADAPTERS.join());
  return {
    what,
    adapters: adapters.split(',').map(adapterOf),
    rounds: positive(values.rounds),
    seconds: positive(values.seconds),
    starts: positive(values.starts),
    n: positive(values.n ?? (what === 'paging' ? '1000000' : '1000')),
    minutes: positive(values.minutes),
    seed: positive(values.seed),
    databaseUrl: values['database-url'] ?? null,
    write: values.write,
  };
}

function whatOf(positionals: readonly string[]): BenchOptions['what'] {
  const [what = 'ratios', ...others] = positionals;
  const known = (['ratios', 'timing', 'paging', 'flood', 'delivery'] as const).find((one) => one === what);
  if (known && others.length === 0) return known;
  throw new Error(
    `"${positionals.join(' ')}" is nothing to measure: say timing, paging, flood, delivery, or nothing`,
  );
}

function adapterOf(name: string): Adapter {
  const found = ADAPTERS.find((one) => one === name);
  if (!found) throw new Error(`"${name}" is no adapter: ${ADAPTERS.join(', ')}`);
  return found;
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  throw new Error(`"${text}" is not a number above 0`);
}
