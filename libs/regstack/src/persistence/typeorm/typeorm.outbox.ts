import { randomUUID } from 'node:crypto';
import { addSeconds } from '../../kernel/clock';
import {
  CHALLENGE_GRACE_SECONDS,
  type LeasedMessage,
  type OutboxMessage,
  OutboxRepository,
} from '../../ports/outbox.repository';
import { insertMessage } from './inserts';
import { date, nullableText, text } from './rows';
import type { Row, Sql, Statement } from './sql';
import type { Tables } from './tables';

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

  override async lease(limit: number, leaseSeconds: number, now: Date): Promise<readonly LeasedMessage[]> {
    // An idle worker asks every second: a look before the write keeps it away from the write lock.
    const due = `SELECT id FROM ${this.tables.outbox} WHERE state = 'queued' AND due_at <= ? ORDER BY due_at LIMIT 1`;
    if (!(await this.sql.first(due, [now]))) return [];
    // What a power cut takes of a lease is due again, as it would be anyway.
    const steps = [this.dropDead(now), this.take(limit, addSeconds(now, leaseSeconds), now)];
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

  private dropDead(now: Date): Statement {
    const { outbox, challenges } = this.tables;
    const query = `WITH dead AS MATERIALIZED (
        SELECT o.id FROM ${outbox} o WHERE o.state = 'queued' AND o.due_at <= ? AND o.challenge_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM ${challenges} c WHERE c.id = o.challenge_id AND c.used_at IS NULL AND c.expires_at > ?)
          AND (o.created_at <= ? OR EXISTS (SELECT 1 FROM ${challenges} c WHERE c.id = o.challenge_id))
        ${this.sql.dialect.skipLocked})
      DELETE FROM ${outbox} WHERE id IN (SELECT id FROM dead)`;
    return { text: query, params: [now, now, addSeconds(now, -CHALLENGE_GRACE_SECONDS)] };
  }

  private take(limit: number, leasedUntil: Date, now: Date): Statement {
    const { outbox, challenges } = this.tables;
    const query = `WITH due AS MATERIALIZED (
        SELECT o.id FROM ${outbox} o WHERE o.state = 'queued' AND o.due_at <= ? AND (o.challenge_id IS NULL
          OR EXISTS (SELECT 1 FROM ${challenges} c WHERE c.id = o.challenge_id AND c.used_at IS NULL AND c.expires_at > ?))
        ORDER BY o.due_at, o.id LIMIT ? ${this.sql.dialect.skipLocked})
      UPDATE ${outbox} SET lease_id = ?, attempts = attempts + 1, due_at = ? WHERE id IN (SELECT id FROM due)
      RETURNING id, kind, recipient, challenge_id, sealed_body, created_at, lease_id, attempts`;
    return { text: query, params: [now, now, limit, randomUUID(), leasedUntil] };
  }
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
