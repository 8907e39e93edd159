import { EntitySchema, type EntitySchemaColumnOptions, type EntitySchemaIndexOptions } from 'typeorm';
import type { Dialect } from './dialect';

/** Type of a column; a question mark lets it be NULL. */
type Kind = 'id' | 'text' | 'text?' | 'count' | 'count?' | 'flag' | 'json' | 'json?' | 'instant' | 'instant?';

interface TableShape {
  readonly columns: Readonly<Record<string, Kind>>;
  /** Columns of each index. */
  readonly unique?: readonly string[];
  readonly indexed: readonly string[];
  /** Columns of each index that holds some of the rows, with the condition for these. */
  readonly partial?: Readonly<Record<string, string>>;
}

const TABLES: Readonly<Record<string, TableShape>> = {
  users: {
    columns: {
      id: 'id',
      email: 'text',
      password_hash: 'text?',
      full_name: 'text?',
      is_active: 'flag',
      is_verified: 'flag',
      is_superuser: 'flag',
      phone_number: 'text?',
      is_mfa_enabled: 'flag',
      attributes: 'json',
      auth_epoch: 'count',
      created_at: 'instant',
      last_login: 'instant?',
      undo_email: 'text?',
      undo_token_hash: 'text?',
      undo_expires_at: 'instant?',
      roles: 'json?',
      // Second factors, each with the epoch in which it was set (P9).
      totp_secret: 'text?',
      totp_kid: 'text?',
      totp_last_step: 'count?',
      totp_epoch: 'count?',
      phone_epoch: 'count?',
      recovery_codes: 'text?',
      recovery_epoch: 'count?',
      undo_epoch: 'count?',
      recovery_kid: 'text?',
    },
    unique: ['email', 'undo_token_hash'],
    indexed: [],
    partial: {
      is_superuser: 'is_superuser',
      'totp_kid,id': 'totp_kid IS NOT NULL',
      recovery_kid: "recovery_codes <> ''",
    },
  },
  // Who holds an address (P9); until when, where it is not the current one.
  email_claims: {
    columns: { email: 'id', user_id: 'text', expires_at: 'instant?' },
    indexed: ['user_id', 'expires_at'],
  },
  pending_registrations: {
    columns: {
      id: 'id',
      user_id: 'text',
      email: 'text',
      password_hash: 'text',
      full_name: 'text?',
      created_at: 'instant',
      expires_at: 'instant',
      attributes: 'json?',
    },
    indexed: ['email', 'expires_at'],
  },
  sessions: {
    columns: {
      id: 'id',
      user_id: 'text',
      auth_epoch: 'count',
      device_id: 'text?',
      created_at: 'instant',
      authenticated_at: 'instant?',
      expires_at: 'instant',
      ip: 'text?',
      user_agent: 'text?',
      last_seen_at: 'instant?',
    },
    indexed: ['user_id', 'expires_at'],
  },
  challenges: {
    columns: {
      id: 'id',
      kind: 'text',
      subject_id: 'text',
      token_hash: 'text',
      auth_epoch: 'count?',
      email: 'text?',
      created_at: 'instant',
      expires_at: 'instant',
      used_at: 'instant?',
      user_id: 'text?',
      phone_number: 'text?',
      payload: 'text?',
      guesses: 'count?',
    },
    unique: ['token_hash', 'kind,subject_id'],
    indexed: ['subject_id', 'user_id', 'expires_at'],
  },
  budgets: {
    columns: { id: 'id', used: 'count', refusal: 'count', opened_at: 'instant', ends_at: 'instant' },
    indexed: ['ends_at'],
  },
  outbox: {
    columns: {
      id: 'id',
      kind: 'text',
      recipient: 'text',
      challenge_id: 'text?',
      sealed_body: 'text',
      state: 'text',
      attempts: 'count',
      lease_id: 'text?',
      last_error: 'text?',
      created_at: 'instant',
      due_at: 'instant',
      sent_at: 'instant?',
    },
    indexed: ['state,due_at', 'state,id', 'lease_id', 'sent_at'],
  },
  audit: {
    columns: {
      id: 'id',
      at: 'instant',
      kind: 'text',
      actor: 'text?',
      target: 'text?',
      ip: 'text?',
      result: 'text',
      reason: 'text?',
      request_id: 'text?',
    },
    indexed: ['actor', 'target', 'at', 'kind,id'],
  },
  trusted_devices: {
    columns: {
      id: 'id',
      user_id: 'text',
      auth_epoch: 'count',
      device_id: 'text',
      ip: 'text?',
      user_agent: 'text?',
      created_at: 'instant',
      expires_at: 'instant',
    },
    unique: ['user_id,device_id'],
    indexed: ['expires_at'],
  },
};

/**
 * The tables as TypeORM knows them, for reports that a host runs on the DataSource, and as the description that the migrations
 * are held to (a test compares the two). The repositories speak SQL, see `sql.ts`.
 */
export function entities(dialect: Dialect, prefix: string): EntitySchema[] {
  return Object.entries(TABLES).map(([table, shape]) => {
    const name = prefix + table;
    const described = Object.entries(shape.columns).map(
      ([column, kind]) => [column, columnOf(kind, dialect)] as const,
    );
    const columns = Object.fromEntries(described);
    return new EntitySchema({ name, tableName: name, columns, indices: indexesOf(name, shape) });
  });
}

function indexesOf(
  table: string,
  { unique = [], indexed, partial = {} }: TableShape,
): EntitySchemaIndexOptions[] {
  const whole = [...unique, ...indexed].map((columns) => ({ columns, unique: unique.includes(columns) }));
  const some = Object.entries(partial).map(([columns, where]) => ({ columns, where }));
  return [...whole, ...some].map(({ columns, ...rest }) => ({
    name: `${table}_${columns.replace(',', '_')}`,
    columns: columns.split(','),
    ...rest,
  }));
}

function columnOf(kind: Kind, dialect: Dialect): EntitySchemaColumnOptions {
  const { instant, flag, json } = dialect;
  const types = { id: 'varchar', text: 'varchar', count: 'integer', flag, json, instant } as const;
  const type = types[kind.replace('?', '') as keyof typeof types];
  return { type, primary: kind === 'id', nullable: kind.endsWith('?') };
}
