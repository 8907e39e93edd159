import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type { Dialect } from './dialect';

/** Type of a column; a question mark lets it be NULL. */
type Kind = 'id' | 'text' | 'text?' | 'count' | 'count?' | 'flag' | 'json' | 'json?' | 'instant' | 'instant?';

interface TableShape {
  readonly columns: Readonly<Record<string, Kind>>;
  /** Columns of each index. */
  readonly unique?: readonly string[];
  readonly indexed: readonly string[];
  /** Flags of which an index holds the rows where they are set. */
  readonly flagged?: readonly string[];
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
    },
    unique: ['email', 'undo_token_hash'],
    indexed: [],
    flagged: ['is_superuser'],
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
    },
    unique: ['token_hash', 'kind,subject_id'],
    indexed: ['subject_id', 'expires_at'],
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
    indexed: ['state,due_at', 'lease_id', 'sent_at'],
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
};

/**
 * The tables as TypeORM knows them, for reports that a host runs on the DataSource, and as the description that the migrations
 * are held to (a test compares the two). The repositories speak SQL, see `sql.ts`.
 */
export function entities(dialect: Dialect, prefix: string): EntitySchema[] {
  return Object.entries(TABLES).map(([table, { columns, unique = [], indexed, flagged = [] }]) => {
    const name = prefix + table;
    const indices = [...unique, ...indexed, ...flagged].map((index) => ({
      name: `${name}_${index.replace(',', '_')}`,
      columns: index.split(','),
      unique: unique.includes(index),
      ...(flagged.includes(index) ? { where: index } : {}),
    }));
    const described = Object.entries(columns).map(
      ([column, kind]) => [column, columnOf(kind, dialect)] as const,
    );
    return new EntitySchema({ name, tableName: name, columns: Object.fromEntries(described), indices });
  });
}

function columnOf(kind: Kind, dialect: Dialect): EntitySchemaColumnOptions {
  const { instant, flag, json } = dialect;
  const types = { id: 'varchar', text: 'varchar', count: 'integer', flag, json, instant } as const;
  const type = types[kind.replace('?', '') as keyof typeof types];
  return { type, primary: kind === 'id', nullable: kind.endsWith('?') };
}
