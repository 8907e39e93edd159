import { Connection, type Timed } from '../load/connection';
import type { FloodKind } from './kinds';
import type { PostOffice } from './post-office';

/** Requests under way at a time. */
const CONNECTIONS = 4;

/** It is counted what is sent, and not how soon: a machine that does other things too may take its time, ms. */
export const PATIENCE_MS = 120_000;

/** Fields that are new in every answer. */
const VOLATILE: ReadonlySet<string> = new Set([
  'expires_at',
  'pending_token',
  'mfa_pending_token',
  'request_id',
]);

/** What came of a flood. */
export interface Flood {
  readonly latencies: readonly number[];
  /** Every different answer, status and body, with how often it came. */
  readonly answers: ReadonlyMap<string, number>;
}

/** Messages of a kind to one address or number in an hour: `mail_max_per_hour` and `sms_max_per_hour` as they are by default. */
export const LIMIT = 5;

/**
 * Makes the same request `n` times. As long as messages must come, one at a time: a link that a newer one has replaced is not sent any more,
 * and too high a limit would not be seen.
 */
export async function flood(url: string, kind: FloodKind, n: number, office: PostOffice): Promise<Flood> {
  const connections = Array.from({ length: CONNECTIONS }, () => new Connection(url, PATIENCE_MS));
  const all: Timed[] = [];
  const send = async (connection: Connection) => void all.push(await connection.send(kind.shot));
  let left = n;
  const sendInTurn = async (connection: Connection): Promise<void> => {
    while (left-- > 0) await send(connection);
  };
  try {
    for (let came = office.countTo(kind.recipient) - kind.others; came < LIMIT; came += 1, left -= 1) {
      await send(connections[0]!);
      await office.secretTo(kind.recipient, kind.others + came + 1);
    }
    await Promise.all(connections.map(sendInTurn));
  } finally {
    for (const connection of connections) connection.close();
  }
  const answers = new Map<string, number>();
  for (const answer of all.map(withoutVolatile)) answers.set(answer, (answers.get(answer) ?? 0) + 1);
  return { latencies: all.map(({ ms }) => ms), answers };
}

/** The answer but for what is new in each. */
function withoutVolatile({ status, body }: Timed): string {
  return `${status} ${body === '' ? '' : JSON.stringify(JSON.parse(body, blank))}`;
}

/** Lengths are kept: a token of another length would tell as well. */
function blank(key: string, value: unknown): unknown {
  return VOLATILE.has(key) && typeof value === 'string' ? '·'.repeat(value.length) : value;
}
