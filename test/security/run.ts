import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import type { World } from './draft';
import { faultsOf, isLedToSignIn } from './faults';
import type { BadRequest, Generator } from './generator';
import { type Exchange, Lane } from './lane';
import type { People } from './people';
import type { Ground } from './world';

/** What a run of requests came to. */
export interface Report {
  /** Requests that were made to their end. */
  readonly made: number;
  /** How often each status was answered; `none` where there was no answer. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Statuses per `METHOD /path` of the routes. */
  readonly perRoute: Readonly<Record<string, ReadonlySet<number>>>;
  /** Slowest answer, ms. */
  readonly slowest: number;
  /** Resident memory in the course of the run, MB. */
  readonly memory: readonly number[];
  readonly failures: readonly string[];
}

/** Requests at the same time: far fewer than the queue of the hash threads takes. */
const LANES = 8;
/** A run that goes wrong everywhere is told by its first failures. */
const MAX_FAILURES = 25;

/** How often the memory is looked at, requests. */
const SAMPLE_EVERY = 50;

/**
 * Sends the requests numbered `from` up to, not including, `to`.
 * @param pid process that answers
 */
export async function run(
  generator: Generator,
  { world, people }: Ground,
  pid: number,
  [from, to]: readonly [number, number],
): Promise<Report> {
  const tally = new Tally(world);
  let next = from;
  const work = async (): Promise<void> => {
    const lane = new Lane(world.port);
    while (next < to && tally.failures.length < MAX_FAILURES) {
      const request = generator.request(next++);
      const exchange = await lane.send(request);
      tally.count(request, exchange);
      await keepUp(people, request, exchange);
      if (tally.made % SAMPLE_EVERY === 0) tally.memory.push(residentMb(pid));
    }
    lane.close();
  };
  await Promise.all(Array.from({ length: LANES }, work));
  return tally;
}

/** No admin any more. */
const LOST = /"account\.not_allowed"|no right to this/;
/** What changes second factors, where it is done: what was prepared for it is used up. */
const CHANGES = /\/(mfa\/totp|phone)(\/confirm|\/delete)?$|\/recovery-codes$/;

/** What answers a change: JSON, or the page that a form leads on to. */
const DONE: readonly number[] = [200, 303];

/** Whoever could not do what they asked for may be nobody any more. */
async function keepUp(people: People, { route, draft }: BadRequest, { answer }: Exchange): Promise<void> {
  if (!answer || !draft.person || draft.credential !== 'valid') return;
  const isUsedUp = answer.status === 429 || (DONE.includes(answer.status) && CHANGES.test(route.path));
  const isOut = answer.status === 401 || isLedToSignIn(answer.headers['location']);
  if (isUsedUp || isOut || LOST.test(answer.body)) await people.check(draft.person, isUsedUp);
}

/** How far the memory has grown since the warm-up, MB: medians, because the collector comes and goes. */
export function growthOf({ memory }: Report): number {
  const part = (from: number, to: number): number => {
    const samples = memory.slice(Math.floor(memory.length * from), Math.ceil(memory.length * to));
    return samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
  };
  return part(0.9, 1) - part(0.2, 0.3);
}

class Tally implements Report {
  made = 0;
  slowest = 0;

  readonly statuses: Record<string, number> = {};
  readonly perRoute: Record<string, Set<number>> = {};
  readonly memory: number[] = [];
  readonly failures: string[] = [];

  constructor(private readonly world: World) {}

  count(request: BadRequest, exchange: Exchange): void {
    const status = exchange.answer?.status;
    this.made += 1;
    this.slowest = Math.max(this.slowest, exchange.ms);
    this.statuses[status ?? 'none'] = (this.statuses[status ?? 'none'] ?? 0) + 1;
    const { method, path } = request.route;
    const seen = (this.perRoute[`${method} ${path}`] ??= new Set());
    const isSentAway = isLedToSignIn(exchange.answer?.headers['location']);
    if (status !== undefined && request.draft.isRouted) seen.add(isSentAway ? 401 : status);
    const faults = faultsOf(request, exchange, this.world);
    if (faults.length > 0) this.failures.push(told(request, exchange, faults, this.world));
  }
}

/** Everything that is needed to see it again. */
function told(
  { n, route, tricks, bytes }: BadRequest,
  { answer, received }: Exchange,
  faults: readonly string[],
  { seed }: World,
): string {
  const shown = (part: Buffer): string => JSON.stringify(part.subarray(0, 600).toString('latin1'));
  return [
    `${faults.join(', ')}: ${route.method} ${route.path} with ${tricks.join(' + ')}`,
    `  answered ${answer?.status ?? 'nothing'}: ${shown(received)}`,
    `  request (${bytes.length} bytes): ${shown(bytes)}`,
    `  again: REGSTACK_TEST_SEED=${seed} REGSTACK_TEST_BAD_REQUEST=${n}`,
  ].join('\n');
}

/** Resident memory of a process, MB; 0 when it is gone. */
export function residentMb(pid: number): number {
  try {
    const status =
      process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : residentByPs(pid);
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const residentByPs = (pid: number): string =>
  `VmRSS: ${execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])
    .toString()
    .trim()} kB`;
