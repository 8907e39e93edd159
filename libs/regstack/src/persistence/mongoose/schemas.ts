import type { Connection, Mongoose, Schema, SchemaDefinition } from 'mongoose';
import { COLLECTION_NAMES, type CollectionName, COLLECTIONS, WRITE_CONCERN } from './collections';
import { INDEXES } from './indexes';

/** Type of a field; a question mark lets it be null. */
type Kind =
  | 'text'
  | 'text?'
  | 'texts'
  | 'count'
  | 'count?'
  | 'flag'
  | 'json'
  | 'json?'
  | 'instant'
  | 'instant?'
  | 'intents'
  | 'undo'
  | 'totp'
  | 'recovery'
  | 'deleting';

const INTENT: Readonly<Record<string, Kind>> = {
  _id: 'text',
  kind: 'text',
  recipient: 'text',
  challenge_id: 'text?',
  sealed_body: 'text',
  created_at: 'instant',
};

/** The documents that a user's document holds, by the field. */
const INNER: Readonly<Record<'undo' | 'totp' | 'recovery' | 'deleting', Readonly<Record<string, Kind>>>> = {
  undo: { email: 'text', token_hash: 'text', expires_at: 'instant', auth_epoch: 'count?' },
  totp: { secret: 'text', key_id: 'text', last_step: 'count', epoch: 'count' },
  recovery: { codes: 'texts', key_id: 'text?', epoch: 'count' },
  deleting: { notice_ids: 'texts', addresses: 'texts', at: 'instant' },
};

/** Fields that a report sees only where it names them. */
const HIDDEN: ReadonlySet<string> = new Set(['password_hash', 'secret', 'codes']);

const FIELDS: Readonly<Record<CollectionName, Readonly<Record<string, Kind>>>> = {
  users: {
    _id: 'text',
    email: 'text',
    password_hash: 'text?',
    full_name: 'text?',
    is_active: 'flag',
    is_verified: 'flag',
    is_superuser: 'flag',
    phone_number: 'text?',
    phone_epoch: 'count?',
    totp: 'totp',
    recovery: 'recovery',
    is_mfa_enabled: 'flag',
    roles: 'texts',
    attributes: 'json',
    auth_epoch: 'count',
    created_at: 'instant',
    last_login: 'instant?',
    intents: 'intents',
    claims: 'texts',
    undo: 'undo',
    deleting: 'deleting',
    admin_seq: 'count?',
  },
  pending: {
    _id: 'text',
    user_id: 'text',
    email: 'text',
    password_hash: 'text',
    full_name: 'text?',
    attributes: 'json?',
    created_at: 'instant',
    expires_at: 'instant',
  },
  sessions: {
    _id: 'text',
    user_id: 'text',
    auth_epoch: 'count',
    device_id: 'text?',
    ip: 'text?',
    user_agent: 'text?',
    created_at: 'instant',
    authenticated_at: 'instant?',
    last_seen_at: 'instant?',
    expires_at: 'instant',
  },
  challenges: {
    _id: 'text',
    challenge_id: 'text',
    kind: 'text',
    subject_id: 'text',
    user_id: 'text?',
    token_hash: 'text',
    auth_epoch: 'count?',
    email: 'text?',
    phone_number: 'text?',
    payload: 'text?',
    guesses: 'count?',
    created_at: 'instant',
    expires_at: 'instant',
    used_at: 'instant?',
  },
  budgets: {
    _id: 'text',
    used: 'count',
    refusal: 'count',
    opened_at: 'instant',
    ends_at: 'instant',
    expires_at: 'instant',
  },
  outbox: {
    ...INTENT,
    state: 'text',
    attempts: 'count',
    lease_id: 'text?',
    last_error: 'text?',
    due_at: 'instant',
    sent_at: 'instant?',
    expires_at: 'instant?',
  },
  audit: {
    _id: 'text',
    at: 'instant',
    kind: 'text',
    actor: 'text?',
    target: 'text?',
    ip: 'text?',
    result: 'text',
    reason: 'text?',
    request_id: 'text?',
  },
  admins: { _id: 'text', seq: 'count', pending: 'json?' },
  trustedDevices: {
    _id: 'text',
    trust_id: 'text',
    user_id: 'text',
    device_id: 'text',
    auth_epoch: 'count',
    ip: 'text?',
    user_agent: 'text?',
    created_at: 'instant',
    expires_at: 'instant',
  },
};

/** A host's connection may have other defaults; what a model of ours writes is as safe as what the repositories write. */
const OPTIONS = {
  strict: 'throw',
  strictQuery: 'throw',
  versionKey: false,
  autoIndex: false,
  autoCreate: false,
  bufferCommands: false,
  id: false,
  minimize: false,
  read: 'primary',
  writeConcern: WRITE_CONCERN,
} as const;

/**
 * Registers the collections as models under their full names, for reports that a host runs on the connection. The repositories use
 * none of them, see `mongo.ts`. A second store under the same prefix finds them there.
 */
export function registerModels(connection: Connection, prefix: string): void {
  for (const name of COLLECTION_NAMES) {
    const collection = prefix + COLLECTIONS[name];
    if (connection.models[collection]) continue;
    connection.model(collection, schemaOf(connection.base, name), collection);
  }
}

/** Made by the Mongoose that the connection belongs to: a host's may be another copy than ours. */
function schemaOf(base: Mongoose, name: CollectionName): Schema {
  const schema = new base.Schema(definition(base, FIELDS[name]), OPTIONS);
  // So that a host's `syncIndexes()` does not drop them.
  for (const { key, ...options } of INDEXES[name]) schema.index(key, options);
  return schema;
}

function definition(base: Mongoose, fields: Readonly<Record<string, Kind>>): SchemaDefinition {
  const { Mixed } = base.Schema.Types;
  const types = { text: String, count: Number, flag: Boolean, instant: Date, json: Mixed } as const;
  const typeOf = (kind: Kind) => {
    if (kind === 'intents') return { type: [definition(base, INTENT)] };
    if (kind in INNER) return { type: innerSchema(base, kind as keyof typeof INNER) };
    if (kind === 'texts') return { type: [String] };
    return { type: types[kind.replace('?', '') as keyof typeof types], required: !kind.endsWith('?') };
  };
  return Object.fromEntries(
    Object.entries(fields).map(([field, kind]) => [
      field,
      { ...typeOf(kind), ...(HIDDEN.has(field) && { select: false }) },
    ]),
  );
}

function innerSchema(base: Mongoose, field: keyof typeof INNER): Schema {
  return new base.Schema(definition(base, INNER[field]), { _id: false });
}
