import { setTimeout as delay } from 'node:timers/promises';
import { Connection, type Shot } from './connection';

/** A load that leaves the server time to rest. */
export interface Steady {
  readonly connections: number;
  /** Time between two requests of one connection, ms. */
  readonly everyMs: number;
  readonly seconds: number;
}

/**
 * Sends a request on every connection at a fixed pace; answers the latencies, ms. A request that had to wait because the one before
 * it was late counts from the moment at which it was due: a stall is felt by all who would have come in it.
 */
export async function steady(url: string, shot: Shot, load: Steady): Promise<number[]> {
  const connections = Array.from({ length: load.connections }, () => new Connection(url));
  try {
    const all = await Promise.all(connections.map((connection) => keepPace(connection, shot, load)));
    return all.flat();
  } finally {
    for (const connection of connections) connection.close();
  }
}

async function keepPace(connection: Connection, shot: Shot, { everyMs, seconds }: Steady): Promise<number[]> {
  const latencies: number[] = [];
  const start = performance.now() + Math.random() * everyMs;
  for (let due = start; due < start + seconds * 1000; due += everyMs) {
    const early = due - performance.now();
    if (early > 0) await delay(early);
    const late = early > 0 ? 0 : -early;
    latencies.push(late + (await connection.expect(200, shot)).ms);
  }
  return latencies;
}
