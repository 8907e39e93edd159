import { type AuditQuery, type AuditRecord, AuditRepository } from '../../ports/audit.repository';
import type { Keyset } from '../../ports/keyset';
import { type MemoryTables, pageOf } from './memory.tables';

export class MemoryAuditRepository extends AuditRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async append(records: readonly AuditRecord[]): Promise<void> {
    const { audit } = this.tables;
    for (const record of records) if (!audit.has(record.id)) audit.set(record.id, record);
  }

  override async list({ kind, names }: AuditQuery, page: Keyset): Promise<readonly AuditRecord[]> {
    const isMeant = (one: AuditRecord): boolean =>
      (kind === null || one.kind === kind) &&
      (names === null || [one.actor, one.target].some((name) => name !== null && names.includes(name)));
    return pageOf([...this.tables.audit.values()].filter(isMeant), page);
  }
}
