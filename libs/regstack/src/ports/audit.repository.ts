import type { Keyset } from './keyset';

/** Something that happened and concerns security, as it is kept. Holds no address and nothing that somebody typed. */
export interface AuditRecord {
  /** UUIDv7. */
  readonly id: string;
  readonly at: Date;
  /** See `SECURITY_EVENTS`. */
  readonly kind: string;
  /** Name of who did it, which is no id in the database; null for a stranger, or for the app itself. */
  readonly actor: string | null;
  /** Name of whom it was done to; null where it was nobody. */
  readonly target: string | null;
  readonly ip: string | null;
  readonly result: 'success' | 'refused';
  /** In a word of ours. */
  readonly reason: string | null;
  readonly requestId: string | null;
}

/** Which records a list is about. Null: whatever it is. */
export interface AuditQuery {
  /** Of this kind. */
  readonly kind: string | null;
  /** Done by one who has one of these names, or to them. */
  readonly names: readonly string[] | null;
}

/** Keeps what happened, in the app's own database. */
export abstract class AuditRepository {
  /** Stores records. One that is there already, by its id, stays as it is: a batch may come twice. */
  abstract append(records: readonly AuditRecord[]): Promise<void>;

  /** Records by descending id, which is newest first. */
  abstract list(query: AuditQuery, page: Keyset): Promise<readonly AuditRecord[]>;
}
