import type { mongo } from 'mongoose';
import type {
  AdminsDocument,
  AuditDocument,
  BudgetDocument,
  ChallengeDocument,
  OutboxDocument,
  PendingDocument,
  SessionDocument,
  TrustedDeviceDocument,
  UserDocument,
} from './documents';

/** Name of each collection behind the prefix. */
export const COLLECTIONS = {
  users: 'users',
  pending: 'pending_registrations',
  sessions: 'sessions',
  challenges: 'challenges',
  budgets: 'budgets',
  outbox: 'outbox',
  audit: 'audit',
  admins: 'admins',
  trustedDevices: 'trusted_devices',
} as const;

/** A collection, as the code calls it. */
export type CollectionName = keyof typeof COLLECTIONS;

/** Every collection, in the same order everywhere. */
export const COLLECTION_NAMES = Object.keys(COLLECTIONS) as CollectionName[];

/** What each collection holds. */
export interface Documents {
  readonly users: UserDocument;
  readonly pending: PendingDocument;
  readonly sessions: SessionDocument;
  readonly challenges: ChallengeDocument;
  readonly budgets: BudgetDocument;
  readonly outbox: OutboxDocument;
  readonly audit: AuditDocument;
  readonly admins: AdminsDocument;
  readonly trustedDevices: TrustedDeviceDocument;
}

/** The collections of the driver. */
export type Collections = { readonly [N in CollectionName]: mongo.Collection<Documents[N]> };

/** Acknowledged means on disk, on the majority of a replica set (on a standalone server the majority is that server). */
export const WRITE_CONCERN = { w: 'majority', j: true } as const;

/**
 * How every operation of ours is run, whatever the connection says: a host's may ask secondaries, acknowledge early, leave
 * `undefined` out of a query (which then matches everybody) or answer numbers as `bigint`.
 */
const OPTIONS: mongo.CollectionOptions = {
  writeConcern: { w: WRITE_CONCERN.w, journal: WRITE_CONCERN.j },
  readConcern: { level: 'local' },
  readPreference: 'primary',
  ignoreUndefined: false,
  promoteValues: true,
  promoteLongs: true,
  useBigInt64: false,
  raw: false,
};

/** The collections under a prefix; `timeoutMs` bounds each operation in the driver, 0: nothing does. */
export function collectionsOf(db: mongo.Db, prefix: string, timeoutMs: number): Collections {
  const entries = COLLECTION_NAMES.map((name) => [
    name,
    db.collection(prefix + COLLECTIONS[name], { ...OPTIONS, timeoutMS: timeoutMs }),
  ]);
  return Object.fromEntries(entries) as Collections;
}
