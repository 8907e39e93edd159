/**
 * SQLSTATEs that mean "not now", by class (PostgreSQL appendix A): connection, invalid authorization, database gone, transaction
 * broken up, insufficient resources, object not available, operator intervention, system error, internal error; and single ones:
 * a standby that takes no writes, a time-out between two statements, a prepared statement that a proxy has lost or mixed up.
 */
const NOT_NOW = /^(08|28|3D|40|53|55|57|58|XX)|^(25006|25P0[34]|26000|42P05)$/;
/**
 * Answers after which the connection is of no use: the server hangs up, it is a standby now, or what was prepared on it is not what we
 * believe.
 */
const LAST_WORDS = /^(08|28|3D|57P|XX)|^(25006|25P0[34]|26000|42P05)$/;
/** Serialization failure and deadlock: the same again will do. */
const TRANSIENT = /^40(001|P01)$/;
const UNIQUE = '23505';

/** The five characters with which the server named the error, or null when it was none of the server's. */
export function sqlStateOf(error: unknown): string | null {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown };
  return typeof code === 'string' && typeof severity === 'string' ? code : null;
}

/** True when the database cannot answer: what is no answer of the server is trouble of the connection, unless it is a defect of ours. */
export function isUnavailable(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === null ? !isDefect(error) : NOT_NOW.test(state);
}

/** True when the connection is of no use any more: it broke, nobody knows what it is doing, or the server has said its last. */
export function isConnectionLost(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === null || LAST_WORDS.test(state);
}

/** True when PostgreSQL undid the transaction because of another one. */
export function isTransient(error: unknown): boolean {
  return TRANSIENT.test(sqlStateOf(error) ?? '');
}

/** True when a unique index refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlStateOf(error) === UNIQUE;
}

function isDefect(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
}
