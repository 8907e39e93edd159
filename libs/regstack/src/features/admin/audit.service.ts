import { Injectable } from '@nestjs/common';
import { type AuditQuery, type AuditRecord, AuditRepository } from '../../ports/audit.repository';
import { AuditTrail } from '../../services/audit-trail';
import { Cursors, type Page, type PageRequest } from '../../services/cursors';

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
  async list(query: AuditQuery, { cursor, limit }: PageRequest): Promise<Page<AuditRecord>> {
    const before = this.cursors.read(cursor);
    await this.trail.flush();
    return this.cursors.pageOf(await this.audit.list(query, { before, limit: limit + 1 }), limit);
  }
}
