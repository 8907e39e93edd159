import { Injectable, Logger } from '@nestjs/common';
import { AccountEvent } from '../kernel/account-events';
import { Clock } from '../kernel/clock';
import { newId } from '../kernel/ids';
import type { By } from '../kernel/origin';
import type { RegStackEvent } from '../kernel/regstack-event';
import type { SecurityEventKind } from '../kernel/security-events';
import type { AuditRecord } from '../ports/audit.repository';
import { EventPublisher } from '../ports/event.publisher';
import { AuditTrail } from './audit-trail';

/** What a record says besides its kind, who did it and from where. */
export type SecurityDetails = Partial<Pick<AuditRecord, 'target' | 'result' | 'reason'>>;

/** JSON escapes the first 32; these would still begin a line, or a command to a terminal. */
const CONTROL = /[\u007f-\u009f\u2028\u2029]/g;

/**
 * Tells what happened, once it has (R72): the host's listeners where it is an event of theirs, the log of the app in one line of JSON, and
 * the audit log. No address and nothing that somebody typed is in either log; nobody waits for any of it.
 */
@Injectable()
export class SecurityLog {
  private readonly logger = new Logger('RegStackSecurity');

  constructor(
    private readonly clock: Clock,
    private readonly events: EventPublisher,
    private readonly trail: AuditTrail,
  ) {}

  /** Something that the host hears of too; whom it happened to, if to anybody, is in the event. */
  record(event: RegStackEvent, by: By, details: SecurityDetails = {}): void {
    this.events.publish(event);
    const target = event instanceof AccountEvent ? (event.user?.id ?? null) : null;
    this.note(event.name, by, { target, ...details });
  }

  /** Something that only the logs tell. */
  note(kind: SecurityEventKind, { actor, origin }: By, details: SecurityDetails = {}): void {
    const { target = null, result = 'success', reason = null } = details;
    const at = this.clock.now();
    const { ip, requestId } = origin;
    const record = { id: newId(at), at, kind, actor, target, ip, result, reason, requestId };
    this.write(record);
    this.trail.keep(record);
  }

  private write(record: AuditRecord): void {
    const { at, kind, actor, target, ip, result, reason, requestId } = record;
    const fields = { time: at.toISOString(), kind, actor, target, ip, result, reason };
    const line = JSON.stringify({ ...fields, request_id: requestId });
    const escaped = line.replace(CONTROL, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
    if (result === 'refused') this.logger.warn(escaped);
    else this.logger.log(escaped);
  }
}
