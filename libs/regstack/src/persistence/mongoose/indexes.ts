import type { CollectionName } from './collections';

/** An index, as the driver makes it and as a schema describes it. */
export interface Index {
  readonly key: Readonly<Record<string, 1>>;
  readonly unique?: true;
  readonly partialFilterExpression?: Readonly<Record<string, { readonly $exists: true } | true>>;
  readonly expireAfterSeconds?: 0;
}

/** The server removes a document once the instant in this field has passed. Reads judge by the caller's clock all the same. */
const TTL: Index = { key: { expires_at: 1 }, expireAfterSeconds: 0 };

/** An entry for those documents only that have the field. Not `sparse`, which the strict versioned API refuses. */
const present = (field: string, unique: Pick<Index, 'unique'> = {}): Index => ({
  key: { [field]: 1 },
  // Before the filter: some servers take the same options in another order for another index.
  ...unique,
  partialFilterExpression: { [field]: { $exists: true } },
});

/** The indexes of each collection. */
export const INDEXES: Readonly<Record<CollectionName, readonly Index[]>> = {
  // Users that an older version adds beside this one have no claims; their address is unique by itself. The third has an entry for a
  // waiting message only: a relay that finds nothing has looked at nothing.
  users: [
    { key: { email: 1 }, unique: true },
    present('claims', { unique: true }),
    present('intents._id'),
    present('undo.token_hash'),
    present('deleting.at'),
    // Who else is an admin is asked before one is taken away.
    { key: { is_superuser: 1 }, partialFilterExpression: { is_superuser: true } },
    { ...present('totp.key_id'), key: { 'totp.key_id': 1, _id: 1 } },
    present('recovery.epoch'),
  ],
  pending: [{ key: { email: 1 } }, TTL],
  sessions: [{ key: { user_id: 1 } }, TTL],
  challenges: [
    { key: { challenge_id: 1 }, unique: true },
    { key: { token_hash: 1 }, unique: true },
    { key: { subject_id: 1 } },
    present('user_id'),
    TTL,
  ],
  budgets: [TTL],
  outbox: [{ key: { state: 1, due_at: 1, _id: 1 } }, { key: { state: 1, _id: 1 } }, present('lease_id'), TTL],
  audit: [
    { key: { actor: 1, _id: 1 } },
    { key: { target: 1, _id: 1 } },
    { key: { kind: 1, _id: 1 } },
    { key: { at: 1 } },
  ],
  // Holds one document.
  admins: [],
  trustedDevices: [{ key: { user_id: 1, trust_id: 1 } }, TTL],
};
