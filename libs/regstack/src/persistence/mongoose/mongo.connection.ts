import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, ConnectionStates, Mongoose } from 'mongoose';
import { AccountError } from '../../kernel/errors';
import { StoreOpenError } from '../../ports/store';
import { WRITE_CONCERN } from './collections';

/** How long a server is looked for when a store is opened, ms. */
const OPEN_MS = 5000;
const DEFAULT_POOL_SIZE = 10;
const DEFAULT_DATABASE = 'regstack';
/** Codes of the server: Unauthorized, AuthenticationFailed, and that of MongoDB Atlas for both. */
const FORBIDDEN: ReadonlySet<unknown> = new Set([13, 18, 8000]);
const INVALID_NAMESPACE = 73;

/** What a connection of our own needs beside the URL. */
export interface ConnectionSettings {
  /** Connections; null: what the URL says, else 10. */
  readonly poolSize: number | null;
  /** Name of the database where the URL has none; null: `regstack`. */
  readonly databaseName: string | null;
}

/**
 * A connection of our own, on a Mongoose of our own: the host's plugins, settings and `mongoose.disconnect()` do not reach it.
 * @throws StoreOpenError naming the setting and the cure
 */
export async function connect(url: string, settings: ConnectionSettings): Promise<Connection> {
  let connection: Connection | undefined;
  try {
    connection = new Mongoose().createConnection(url, {
      ...named(url, settings),
      ...pooled(url, settings),
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      serverSelectionTimeoutMS: OPEN_MS,
      connectTimeoutMS: OPEN_MS,
      readPreference: 'primary',
      writeConcern: { w: WRITE_CONCERN.w, journal: WRITE_CONCERN.j },
    });
    return await connection.asPromise();
  } catch (error) {
    await connection?.destroy().catch(() => {});
    throw cannotOpen(url, error);
  }
}

/**
 * The host's connection, once it is connected.
 * @throws StoreOpenError naming the option and the cure
 */
export async function borrow(host: unknown): Promise<Connection> {
  const connection = host as Connection;
  if (typeof connection?.asPromise !== 'function' || typeof connection.base?.Schema !== 'function') {
    throw new StoreOpenError(
      'connection: this is no Mongoose connection; name one that MongooseModule.forRoot() has registered',
    );
  }
  const late = new AbortController();
  await Promise.race([
    connection.asPromise().catch(() => {}),
    delay(OPEN_MS, undefined, { signal: late.signal }).catch(() => {}),
  ]);
  late.abort();
  if (connection.readyState === ConnectionStates.connected && connection.db) return connection;
  throw new StoreOpenError(
    'connection: the Mongoose connection of the app is not connected; check its URL and that its server runs',
  );
}

/** Says what went wrong at the database of this URL, without anything of the URL but its hosts. */
export function cannotOpen(url: string, cause: unknown): StoreOpenError {
  return new StoreOpenError(`database_url: MongoDB at ${hostsOf(url)} cannot be opened ${explained(cause)}`);
}

/** Says what went wrong on the connection of the host. */
export function cannotShare(cause: unknown): StoreOpenError {
  return new StoreOpenError(`connection: MongoDB cannot be used over it ${explained(cause)}`);
}

function explained(error: unknown): string {
  const cause = error instanceof AccountError ? error.cause : error;
  const { code, message, name } = cause as { code?: unknown; message: string; name: string };
  // Messages about a URL quote it, those about a duplicate quote an address.
  const reason = message.includes('://') || message.includes('@') ? name : message;
  return `(${reason}); ${cure(code, name)}`;
}

function cure(code: unknown, name: string): string {
  if (FORBIDDEN.has(code)) {
    return 'check user, password and authSource, and that the user may write to this database';
  }
  if (code === INVALID_NAMESPACE || /Parse|InvalidArgument|API/.test(name)) {
    return 'write it as mongodb://user:password@host/name, percent-encoded';
  }
  return 'check that the server runs and can be reached from here';
}

function named(url: string, { databaseName }: ConnectionSettings): { dbName?: string } {
  const hasName = /^[^/?]*\/[^?]/.test(withoutCredentials(url));
  return hasName ? {} : { dbName: databaseName ?? DEFAULT_DATABASE };
}

function pooled(url: string, { poolSize }: ConnectionSettings): { maxPoolSize?: number } {
  if (poolSize === null && /[?&]maxPoolSize=/i.test(url)) return {};
  return { maxPoolSize: poolSize ?? DEFAULT_POOL_SIZE };
}

function hostsOf(url: string): string {
  return withoutCredentials(url).split(/[/?]/, 1)[0]!;
}

/** What stands behind the scheme and the last `@`: a password that is not encoded as it should be may hold a slash, too. */
function withoutCredentials(url: string): string {
  return url.slice(url.lastIndexOf('@') + 1).replace(/^mongodb(\+srv)?:\/\//i, '');
}
