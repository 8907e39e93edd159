import type { HostProcess } from '../hosts/host-process';
import { addressOf, PASSWORD } from '../accounts';
import { Connection } from '../load/connection';
import { LOGIN_PATH } from '../load/login-accounts';
import { type Random, shuffled } from '../random';
import type { RequestClass, Route } from './classes';

/** Group of the one account that is signed in to. */
export const MEMBER = 'member';

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
  const token = await signIn(connection);
  const send = async (from: number, to: number, keep: boolean): Promise<void> => {
    for (const [{ name, shot }, index] of inRandomOrder(classes, from, to, random)) {
      const { ms } = await connection.expect(status, shot(index, token));
      if (keep) latencies.get(name)!.push(ms);
    }
  };
  await send(0, WARM_UP, false);
  await send(WARM_UP, WARM_UP + n, true);
  connection.close();
  return latencies;
}

async function seed(host: HostProcess, classes: readonly RequestClass[], count: number): Promise<void> {
  for (const { name, state } of classes)
    if (state !== null) await host.ask('seed', { group: name, count, state });
}

/** Somebody who is signed in, for the routes that ask for it. */
async function signIn(connection: Connection): Promise<string> {
  const body = { email: addressOf(MEMBER, 0), password: PASSWORD };
  const { body: answer } = await connection.expect(200, { method: 'POST', path: LOGIN_PATH, body });
  return (JSON.parse(answer) as { access_token: string }).access_token;
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
