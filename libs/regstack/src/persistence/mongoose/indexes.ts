import { setTimeout as delay } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { schemaIsOld, StoreOpenError } from '../../ports/store';
import { COLLECTION_NAMES, type CollectionName } from './collections';
import type { Mongo } from './mongo';

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
    present('totp.key_id'),
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

/** Attempts at making the indexes, while other processes make them too, and the pause between two, ms. */
const ATTEMPTS = 10;
const PAUSE_MS = 200;
const NAMESPACE_NOT_FOUND = 26;
const DUPLICATE_KEY = 11000;
/** Codes for an index that is there in another form. */
const CONFLICTS: ReadonlySet<unknown> = new Set([85, 86]);

/**
 * Makes what is missing (`autoMigrate`), or checks that nothing is. Any number of processes may do so at once.
 * @throws StoreOpenError when the schema is old and `autoMigrate` is off, or when an index of ours is there in another form
 */
export async function ensureIndexes(mongo: Mongo, autoMigrate: boolean): Promise<void> {
  if (autoMigrate) await claimAddresses(mongo);
  for (const name of COLLECTION_NAMES) {
    if (autoMigrate) await make(mongo, name);
    else if (!(await stand(mongo, name))) throw schemaIsOld();
  }
}

/** Users of the first version hold their address without saying so. */
async function claimAddresses(mongo: Mongo): Promise<void> {
  try {
    await mongo
      .patient()
      .users.updateMany({ claims: { $exists: false } }, [{ $set: { claims: ['$email'] } }]);
  } catch (error) {
    refuse(error, mongo, 'users');
    throw error;
  }
}

/**
 * Asks the server for the indexes, which waits for those that are being built. Two who make a collection at the same moment may
 * get in each other's way, in words that differ from server to server; so what counts is whether the indexes stand.
 */
async function make(mongo: Mongo, name: CollectionName): Promise<void> {
  const specs = INDEXES[name].map((index) => ({ ...index, key: { ...index.key } }));
  if (specs.length === 0) return;
  for (let attempt = 1; ; attempt++) {
    try {
      await mongo.patient()[name].createIndexes(specs);
      return;
    } catch (error) {
      refuse(error, mongo, name);
      if (await stand(mongo, name)) return;
      if (attempt === ATTEMPTS) throw error;
    }
    await delay(PAUSE_MS * Math.random());
  }
}

async function stand(mongo: Mongo, name: CollectionName): Promise<boolean> {
  const found = new Set((await list(mongo, name)).map(formOf));
  return INDEXES[name].every((index) => found.has(formOf(index)));
}

async function list(mongo: Mongo, name: CollectionName): Promise<readonly mongo.IndexDescriptionInfo[]> {
  try {
    return await mongo.run((collections) => collections[name].indexes());
  } catch (error) {
    if ((error as { code?: unknown }).code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}

/** What an index does, whatever its name. */
function formOf(index: Index | mongo.IndexDescriptionInfo): string {
  const { key, unique = false, expireAfterSeconds, partialFilterExpression, ...rest } = index;
  const { sparse = false, collation }: Pick<mongo.IndexDescriptionInfo, 'sparse' | 'collation'> = rest;
  const options = [unique, sparse, expireAfterSeconds, partialFilterExpression, collation];
  return JSON.stringify([Object.entries(key), ...options]);
}

/** @throws StoreOpenError for what no other attempt would change */
function refuse(error: unknown, mongo: Mongo, name: CollectionName): void {
  const { code } = error as { code?: unknown };
  const { collectionName } = mongo.patient()[name];
  if (CONFLICTS.has(code)) {
    throw new StoreOpenError(
      `an index of the collection ${collectionName} differs from what this version needs: drop that index and boot again`,
    );
  }
  if (code === DUPLICATE_KEY) {
    throw new StoreOpenError(
      `documents of the collection ${collectionName} share a value that a unique index allows once: remove all but one and boot again`,
    );
  }
}
