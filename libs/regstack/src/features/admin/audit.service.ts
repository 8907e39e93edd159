import { Injectable } from '@nestjs/common';
import { type AuditRecord, AuditRepository } from '../../ports/audit.repository';
import { AuditNames } from '../../services/audit-names';
import { AuditTrail } from '../../services/audit-trail';
import { Cursors, type Page, type PageRequest } from '../../services/cursors';

/** Which records an admin asks for. Null: whatever it is. */
export interface AuditRequest {
  readonly kind: string | null;
  /** Done by this user, or to them. */
  readonly userId: string | null;
}

/** The audit log, for admins. */
@Injectable()
export class AuditService {
  constructor(
    private readonly trail: AuditTrail,
    private readonly audit: AuditRepository,
    private readonly names: AuditNames,
    private readonly cursors: Cursors,
  ) {}

  /**
   * A page, newest first, with all that has happened in this process so far.
   * @throws AccountError `request.invalid` for a cursor that is not ours
   */
  async list({ kind, userId }: AuditRequest, { cursor, limit }: PageRequest): Promise<Page<AuditRecord>> {
    const before = this.cursors.read('audit', cursor);
    await this.trail.flush();
    const names = userId === null ? null : this.names.allOf(userId);
    const found = await this.audit.list({ kind, names }, { before, limit: limit + 1 });
    return this.cursors.pageOf(
      'audit',
      found.map((record) => this.withIds(record)),
      limit,
    );
  }

  private withIds(record: AuditRecord): AuditRecord {
    const idOf = (name: string | null) => name && this.names.idBehind(name);
    return { ...record, actor: idOf(record.actor), target: idOf(record.target) };
  }
}
