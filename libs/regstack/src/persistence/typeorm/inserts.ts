import type { EmailAddress } from '../../kernel/email-address';
import type { NewChallenge } from '../../ports/challenge.repository';
import type { OutboxMessage } from '../../ports/outbox.repository';
import type { EmailUndo, NewUser } from '../../ports/user.repository';
import { USER_COLUMNS } from './rows';
import type { Statement } from './sql';
import type { Tables } from './tables';

/** An INSERT of the given columns. */
export function insert(table: string, values: Readonly<Record<string, unknown>>): Statement {
  const columns = Object.keys(values);
  const marks = columns.map(() => '?').join(', ');
  return {
    text: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`,
    params: Object.values(values),
  };
}

/** The SET list of an upsert: these columns become those of the row that could not be inserted. */
export function replacing(columns: readonly string[]): string {
  return columns.map((column) => `${column} = excluded.${column}`).join(', ');
}

/** Claims an address for a user who is about to have it; touches nothing while somebody else holds it (P9). */
export function claimEmail(tables: Tables, email: EmailAddress, userId: string, now: Date): Statement {
  const { text, params } = insert(tables.emailClaims, { email, user_id: userId });
  return {
    text: `${text} ON CONFLICT (email) DO UPDATE SET user_id = excluded.user_id, expires_at = NULL
      WHERE ${tables.emailClaims}.user_id = excluded.user_id OR ${tables.emailClaims}.expires_at <= ? RETURNING email`,
    params: [...params, now],
    mustTouch: true,
  };
}

/** Lets the claim on the address before go on until its undo ends; makes it, where an older version added the user without one (P9). */
export function keepEmail(tables: Tables, undo: EmailUndo, userId: string): Statement {
  const values = { email: undo.email, user_id: userId, expires_at: undo.expiresAt };
  const { text, params } = insert(tables.emailClaims, values);
  return {
    text: `${text} ON CONFLICT (email) DO UPDATE SET expires_at = excluded.expires_at
      WHERE ${tables.emailClaims}.user_id = excluded.user_id`,
    params,
  };
}

/**
 * Stores the user and answers it, then claims the address. In this order, which is that of every change of address: two who want one
 * address wait for each other in a line, never in a circle.
 */
export function insertUser(tables: Tables, user: NewUser): readonly [Statement, Statement] {
  return [insertUserRow(tables, user), claimEmail(tables, user.email, user.id, user.createdAt)];
}

function insertUserRow(tables: Tables, user: NewUser): Statement {
  const { text, params } = insert(tables.users, {
    id: user.id,
    email: user.email,
    password_hash: user.passwordHash,
    full_name: user.fullName,
    is_active: true,
    is_verified: user.isVerified,
    is_superuser: user.isSuperuser,
    is_mfa_enabled: false,
    attributes: JSON.stringify(user.attributes),
    auth_epoch: 0,
    created_at: user.createdAt,
  });
  return { text: `${text} RETURNING ${USER_COLUMNS.join(', ')}`, params };
}

/** Stores a challenge. */
export function insertChallenge(tables: Tables, challenge: NewChallenge): Statement {
  return insert(tables.challenges, {
    id: challenge.id,
    kind: challenge.kind,
    subject_id: challenge.subjectId,
    token_hash: challenge.tokenHash,
    auth_epoch: challenge.authEpoch,
    user_id: challenge.userId,
    email: challenge.email,
    phone_number: challenge.phoneNumber,
    payload: challenge.payload,
    guesses: 0,
    created_at: challenge.createdAt,
    expires_at: challenge.expiresAt,
  });
}

/** Stores a message that is due at once. */
export function insertMessage(tables: Tables, message: OutboxMessage): Statement {
  return insert(tables.outbox, messageColumns(message));
}

/** The same where a query answers something. */
export function insertMessageWhere(
  tables: Tables,
  message: OutboxMessage,
  query: Pick<Statement, 'text' | 'params'>,
): Statement {
  const columns = messageColumns(message);
  const names = Object.keys(columns);
  return {
    text: `INSERT INTO ${tables.outbox} (${names.join(', ')}) SELECT ${names.map(() => '?').join(', ')} WHERE EXISTS (${query.text})`,
    params: [...Object.values(columns), ...query.params],
  };
}

function messageColumns(message: OutboxMessage): Readonly<Record<string, unknown>> {
  return {
    id: message.id,
    kind: message.kind,
    recipient: message.recipient,
    challenge_id: message.challengeId,
    sealed_body: message.sealedBody,
    state: 'queued',
    attempts: 0,
    created_at: message.createdAt,
    due_at: message.createdAt,
  };
}
