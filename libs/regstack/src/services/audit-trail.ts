import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type AuditRecord, AuditRepository } from '../ports/audit.repository';
import { AuditNames } from './audit-names';

/** How long a record waits for others that are stored with it, ms. */
const WAIT_MS = 250;
/** Records that wait at most, for a database that does not answer. */
const MOST_WAITING = 10_000;
/** Records of a minute that strangers can cause, of each kind: whatever they do, they do not fill the database. */
const STRANGERS_PER_MINUTE = 1000;
/** Records of a minute that one who is signed in can cause. */
const ACTOR_PER_MINUTE = 300;

/**
 * Keeps security events in the app's own database: in the background, many at once, so that no answer waits for it. A process that is
 * killed takes the last quarter of a second of them along; the log of the app has them.
 */
@Injectable()
export class AuditTrail implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('RegStack');
  /** In the order in which they came; those that are being stored stand here until they are. */
  private readonly waiting: AuditRecord[] = [];
  private storing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private isOpen = false;
  private lost = 0;
  private isFailing = false;
  private minute = { since: 0, counts: new Map<string, number>() };

  constructor(
    private readonly audit: AuditRepository,
    private readonly names: AuditNames,
  ) {}

  onApplicationBootstrap(): void {
    this.isOpen = true;
    this.wait();
  }

  /** What waits is stored. Requests that are under way still may tell more, which is stored before the store is closed. */
  async onModuleDestroy(): Promise<void> {
    this.isOpen = false;
    clearTimeout(this.timer);
    await this.flush();
  }

  /** Has a record stored soon. It names users by their ids, the database does not. */
  keep(record: AuditRecord): void {
    if (this.waiting.length >= MOST_WAITING || this.isFlood(record)) this.lost += 1;
    else this.waiting.push(record);
    this.wait();
  }

  /** Stores what waits now. Never rejects: what cannot be stored waits on. */
  async flush(): Promise<void> {
    this.storing = this.storing.then(() => this.store());
    await this.storing;
  }

  private wait(): void {
    if (!this.isOpen || this.timer || this.waiting.length === 0) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.flush().then(() => this.wait());
    }, WAIT_MS).unref();
  }

  private async store(): Promise<void> {
    const batch = [...this.waiting];
    if (batch.length === 0) return;
    try {
      await this.audit.append(batch.map((record) => this.named(record)));
      this.waiting.splice(0, batch.length);
      this.isFailing = false;
      this.tellLoss();
    } catch (error) {
      const reason = error instanceof Error ? error.name : 'unknown';
      if (!this.isFailing) this.logger.warn(`audit records wait for the database (${reason})`);
      this.isFailing = true;
    }
  }

  private tellLoss(): void {
    if (this.lost > 0)
      this.logger.warn(`${this.lost} security events are in this log only: too many at once`);
    this.lost = 0;
  }

  /** What the app does by itself is no flood. */
  private isFlood({ actor, kind, requestId, at }: AuditRecord): boolean {
    if (requestId === null) return false;
    if (at.getTime() - this.minute.since >= 60_000) this.minute = { since: at.getTime(), counts: new Map() };
    const [key, most] = actor === null ? [kind, STRANGERS_PER_MINUTE] : [actor, ACTOR_PER_MINUTE];
    const count = (this.minute.counts.get(key) ?? 0) + 1;
    this.minute.counts.set(key, count);
    return count > most;
  }

  private named(record: AuditRecord): AuditRecord {
    // Whatever the code of a host gives for an id: nobody's request fails because of it.
    const name = (id: unknown) => (typeof id === 'string' ? this.names.of(id) : null);
    return { ...record, actor: name(record.actor), target: name(record.target) };
  }
}
