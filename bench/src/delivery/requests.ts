import { setTimeout as delay } from 'node:timers/promises';
import { addressOf, PASSWORD } from '../accounts';
import type { HostProcess } from '../hosts/host-process';
import { Connection, type Shot } from '../load/connection';

/** Requests that send a mail, or look as if they did. */
export const REQUESTS = ['forgot-password, known', 'forgot-password, unknown', 'register'] as const;

/** One of them. */
export type RequestName = (typeof REQUESTS)[number];

/** Latencies of each, ms. */
export type Latencies = Readonly<Record<RequestName, readonly number[]>>;

const CONNECTIONS = 6;
/** A request that has waited for the mail server is slow, and not lost, ms. */
const SILENCE_MS = 60_000;

const post = (path: string, body: object): Shot => ({ method: 'POST', path: `/api/auth/${path}`, body });

/** Every address is used once, so that none meets a limit. */
const SHOTS: Readonly<Record<RequestName, (email: string) => readonly [status: number, shot: Shot]>> = {
  'forgot-password, known': (email) => [202, post('forgot-password', { email })],
  'forgot-password, unknown': (email) => [202, post('forgot-password', { email })],
  register: (email) => [201, post('register', { email, password: PASSWORD, full_name: 'A. Person' })],
};

/** Addresses with an account, for a run of {@link askSteadily} or {@link askForMails} of this name. */
export function seedFor(host: HostProcess, run: string, count: number): Promise<void> {
  return host.ask('seed', { group: groupOf(run, 'forgot-password, known'), count, state: 'verified' });
}

/**
 * Sends `n` requests in turn at a fixed pace. One that had to wait because the one before it was late counts from the moment at which it
 * was due. Answers how long each took.
 */
export async function askSteadily(url: string, run: string, n: number, seconds: number): Promise<Latencies> {
  const [everyMs, start] = [(seconds * 1000) / n, performance.now()];
  const latencies = { 'forgot-password, known': [], 'forgot-password, unknown': [], register: [] } as Record<
    RequestName,
    number[]
  >;
  await onConnections(url, n, async (connection, i) => {
    const due = start + i * everyMs;
    const early = due - performance.now();
    if (early > 0) await delay(early);
    const name = REQUESTS[i % REQUESTS.length]!;
    const [status, shot] = SHOTS[name](addressOf(groupOf(run, name), Math.floor(i / REQUESTS.length)));
    await connection.expect(status, shot);
    latencies[name].push(performance.now() - Math.max(due, start));
  });
  return latencies;
}

/** Has `n` mails written as fast as it goes. */
export function askForMails(url: string, run: string, n: number): Promise<void> {
  const name = 'forgot-password, known';
  return onConnections(url, n, async (connection, i) => {
    await connection.expect(...SHOTS[name](addressOf(groupOf(run, name), i)));
  });
}

async function onConnections(
  url: string,
  n: number,
  work: (connection: Connection, i: number) => Promise<void>,
): Promise<void> {
  const connections = Array.from({ length: CONNECTIONS }, () => new Connection(url, SILENCE_MS));
  let next = 0;
  const all = connections.map(async (connection) => {
    while (next < n) await work(connection, next++);
  });
  await Promise.all(all);
  for (const connection of connections) connection.close();
}

const groupOf = (run: string, name: RequestName): string => `${run}/${name}`;
