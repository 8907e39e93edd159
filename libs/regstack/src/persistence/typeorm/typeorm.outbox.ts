import { randomUUID } from 'node:crypto';
import { addSeconds } from '../../kernel/clock';
import type { MessageState } from '../../kernel/message-state';
import type { Keyset } from '../../ports/keyset';
import {
  type Channel,
  CHALLENGE_GRACE_SECONDS,
  type LeasedMessage,
  type ListedMessage,
  type MessageCounts,
  type OutboxMessage,
  OutboxRepository,
  SMS_PREFIX,
} from '../../ports/outbox.repository';
import { insertMessage } from './inserts';
import { hasLiveChallenge } from './live-challenge';
import { date, nullableText, text } from './rows';
import type { Row, Sql, Statement } from './sql';
import type { Tables } from './tables';

/** What an admin sees of a message. The body is not among it. */
const LISTED = 'id, kind, recipient, state, attempts, last_error, created_at, due_at';

export class TypeOrmOutboxRepository extends OutboxRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async enqueue(message: OutboxMessage): Promise<void> {
    const { text: query, params } = insertMessage(this.tables, message);
    await this.sql.rows(query, params);
  }

  override async lease(
    channel: Channel,
    limit: number,
    leaseSeconds: number,
    now: Date,
  ): Promise<readonly LeasedMessage[]> {
    // An idle worker asks every second: a look before the write keeps it away from the write lock.
    const due = `SELECT id FROM ${this.tables.outbox} WHERE state = 'queued' AND due_at <= ? AND ${leavesBy(channel)} LIMIT 1`;
    if (!(await this.sql.first(due, [now]))) return [];
    // What a power cut takes of a lease is due again, as it would be anyway.
    const steps = [
      this.dropDead(channel, now),
      this.take(channel, limit, addSeconds(now, leaseSeconds), now),
    ];
    const done = await this.sql.transaction(steps, 'in-order');
    return done![1]!.map(leasedFrom).toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  override async renew(leaseId: string, leaseSeconds: number, now: Date): Promise<void> {
    const query = `UPDATE ${this.tables.outbox} SET due_at = ? WHERE lease_id = ?`;
    await this.sql.rows(query, [addSeconds(now, leaseSeconds), leaseId], 'in-order');
  }

  override async settle(id: string, leaseId: string, now: Date): Promise<boolean> {
    const query = `UPDATE ${this.tables.outbox} SET state = 'sent', sent_at = ?, recipient = '', sealed_body = '', lease_id = NULL
      WHERE id = ? AND lease_id = ? RETURNING id`;
    return (await this.sql.first(query, [now, id, leaseId])) !== null;
  }

  override async fail(id: string, leaseId: string, reason: string, retryAt: Date | null): Promise<boolean> {
    const query = `UPDATE ${this.tables.outbox} SET state = ?, due_at = COALESCE(?, due_at), last_error = ?, lease_id = NULL
      WHERE id = ? AND lease_id = ? RETURNING id`;
    const state = retryAt ? 'queued' : 'dead';
    return (await this.sql.first(query, [state, retryAt, reason, id, leaseId])) !== null;
  }

  private dropDead(channel: Channel, now: Date): Statement {
    const { outbox } = this.tables;
    const useless = this.carriesWhatIsDead(now);
    const query = `WITH dead AS MATERIALIZED (
        SELECT id FROM ${outbox} WHERE state = 'queued' AND due_at <= ? AND ${leavesBy(channel)} AND ${useless.text}
        ${this.sql.dialect.skipLocked})
      DELETE FROM ${outbox} WHERE id IN (SELECT id FROM dead)`;
    return { text: query, params: [now, ...useless.params] };
  }

  private take(channel: Channel, limit: number, leasedUntil: Date, now: Date): Statement {
    const { outbox } = this.tables;
    const query = `WITH due AS MATERIALIZED (
        SELECT id FROM ${outbox} WHERE state = 'queued' AND due_at <= ? AND ${leavesBy(channel)}
          AND (challenge_id IS NULL OR ${hasLiveChallenge(this.tables)})
        ORDER BY due_at, id LIMIT ? ${this.sql.dialect.skipLocked})
      UPDATE ${outbox} SET lease_id = ?, attempts = attempts + 1, due_at = ? WHERE id IN (SELECT id FROM due)
      RETURNING id, kind, recipient, challenge_id, sealed_body, created_at, lease_id, attempts`;
    return { text: query, params: [now, now, limit, randomUUID(), leasedUntil] };
  }

  override async list(
    state: MessageState | null,
    { before, limit }: Keyset,
  ): Promise<readonly ListedMessage[]> {
    const meant = [
      ...(state === null ? [] : [['state = ?', state] as const]),
      ...(before === null ? [] : [['id < ?', before] as const]),
    ];
    const where = ['true', ...meant.map(([condition]) => condition)].join(' AND ');
    const query = `SELECT ${LISTED} FROM ${this.tables.outbox} WHERE ${where} ORDER BY id DESC LIMIT ?`;
    return (await this.sql.rows(query, [...meant.map(([, param]) => param), limit])).map(listedFrom);
  }

  override async counts(): Promise<MessageCounts> {
    const rows = await this.sql.rows(
      `SELECT state, count(*) AS messages FROM ${this.tables.outbox} GROUP BY state`,
    );
    const counted = Object.fromEntries(rows.map((row) => [text(row['state']), Number(row['messages'])]));
    return { queued: 0, sent: 0, dead: 0, ...counted };
  }

  override async retry(id: string, now: Date): Promise<ListedMessage | 'expired' | null> {
    const { outbox } = this.tables;
    const useless = this.carriesWhatIsDead(now);
    const query = `UPDATE ${outbox} SET state = 'queued', due_at = ?
      WHERE id = ? AND (state = 'dead' OR (state = 'queued' AND lease_id IS NULL AND due_at > ?)) AND NOT (${useless.text})
      RETURNING ${LISTED}`;
    const retried = await this.sql.first(query, [now, id, now, ...useless.params]);
    if (retried) return listedFrom(retried);
    const look = `SELECT ${LISTED}, (${useless.text}) AS useless FROM ${outbox} WHERE id = ?`;
    const row = await this.sql.first(look, [...useless.params, id]);
    if (!row) return null;
    return row['state'] !== 'sent' && Boolean(row['useless']) ? 'expired' : listedFrom(row);
  }

  /** A condition for messages that a lease drops (P2). */
  private carriesWhatIsDead(now: Date): Statement {
    const { outbox, challenges } = this.tables;
    return {
      text: `challenge_id IS NOT NULL AND NOT ${hasLiveChallenge(this.tables)}
        AND (created_at <= ? OR EXISTS (SELECT 1 FROM ${challenges} c WHERE c.id = ${outbox}.challenge_id))`,
      params: [now, addSeconds(now, -CHALLENGE_GRACE_SECONDS)],
    };
  }
}

/** A condition on the kind, which tells the channel. */
function leavesBy(channel: Channel): string {
  return `substr(kind, 1, ${SMS_PREFIX.length}) ${channel === 'sms' ? '=' : '<>'} '${SMS_PREFIX}'`;
}

function leasedFrom(row: Row): LeasedMessage {
  return {
    id: text(row['id']),
    kind: text(row['kind']),
    recipient: text(row['recipient']),
    challengeId: nullableText(row['challenge_id']),
    sealedBody: text(row['sealed_body']),
    createdAt: date(row['created_at']),
    leaseId: text(row['lease_id']),
    attempts: Number(row['attempts']),
  };
}

function listedFrom(row: Row): ListedMessage {
  return {
    id: text(row['id']),
    kind: text(row['kind']),
    recipient: text(row['recipient']),
    state: text(row['state']) as MessageState,
    attempts: Number(row['attempts']),
    lastError: nullableText(row['last_error']),
    createdAt: date(row['created_at']),
    dueAt: date(row['due_at']),
  };
}
