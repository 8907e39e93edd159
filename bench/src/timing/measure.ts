import type { HostProcess } from '../hosts/host-process';
import { Connection } from '../load/connection';
import { type Random, shuffled } from '../random';
import type { RequestClass, Route } from './classes';

/** Requests of each class before anything is measured. */
const WARM_UP = 100;

/** Latencies of each class, ms. */
export type Latencies = ReadonlyMap<string, readonly number[]>;

/**
 * Makes `n` requests of each class, one at a time on one connection, in random order. Every request has an address of its own, so
 * that none meets a limit.
 */
export async function measureRoute(
  host: HostProcess,
  { status, classes }: Route,
  n: number,
  random: Random,
): Promise<Latencies> {
  await seed(host, classes, WARM_UP + n);
  const latencies = new Map(classes.map(({ name }) => [name, [] as number[]]));
  const connection = new Connection(host.url);
  const send = async (from: number, to: number, keep: boolean): Promise<void> => {
    for (const [{ name, shot }, index] of inRandomOrder(classes, from, to, random)) {
      const { ms } = await connection.expect(status, shot(index));
      if (keep) latencies.get(name)!.push(ms);
    }
  };
  await send(0, WARM_UP, false);
  await send(WARM_UP, WARM_UP + n, true);
  connection.close();
  return latencies;
}

async function seed(host: HostProcess, classes: readonly RequestClass[], count: number): Promise<void> {
  const known = classes.filter(({ hasAccounts }) => hasAccounts);
  await Promise.all(known.map(({ name }) => host.ask('seed', { group: name, count })));
}

function inRandomOrder(
  classes: readonly RequestClass[],
  from: number,
  to: number,
  random: Random,
): (readonly [RequestClass, number])[] {
  const all = classes.flatMap((one) => Array.from({ length: to - from }, (_, n) => [one, from + n] as const));
  return shuffled(all, random);
}
