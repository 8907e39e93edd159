import { Injectable } from '@nestjs/common';
import { type AuditQuery, type AuditRecord, AuditRepository } from '../../ports/audit.repository';
import { AuditTrail } from '../../services/audit-trail';
import { Cursors } from '../../services/cursors';

/** A page of the audit log. */
export interface AuditPage {
  readonly records: readonly AuditRecord[];
  readonly nextCursor: string | null;
}

/** The audit log, for admins. */
@Injectable()
export class AuditService {
  constructor(
    private readonly trail: AuditTrail,
    private readonly audit: AuditRepository,
    private readonly cursors: Cursors,
  ) {}

  /**
   * A page, newest first, with all that has happened in this process so far.
   * @throws AccountError `request.invalid` for a cursor that is not ours
   */
  async list(query: AuditQuery, cursor: string | undefined, limit: number): Promise<AuditPage> {
    const before = this.cursors.read(cursor);
    await this.trail.flush();
    const found = await this.audit.list(query, { before, limit: limit + 1 });
    const records = found.slice(0, limit);
    return { records, nextCursor: this.cursors.after(records, found.length > limit) };
  }
}
