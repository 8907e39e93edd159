import { type Connection, ConnectionStates, Mongoose } from 'mongoose';
import { within } from '../../kernel/within';
import { AccountError } from '../../kernel/errors';
import { StoreOpenError } from '../../ports/store';
import { WRITE_CONCERN } from './collections';
import { hostsOf, namesDatabase } from './mongo.url';

/** How long a server is looked for when a store is opened, ms. */
const OPEN_MS = 3000;
const DEFAULT_POOL_SIZE = 10;
const DEFAULT_DATABASE = 'regstack';
/** Codes of the server: Unauthorized, AuthenticationFailed, and that of MongoDB Atlas for both. */
const FORBIDDEN: ReadonlySet<unknown> = new Set([13, 18, 8000]);
const INVALID_NAMESPACE = 73;
/** Errors about servers, by name: their messages hold hosts, addresses and times. */
const OF_SERVERS = /Network|ServerSelection|OperationTimeout/;
const POOL_TOO_SMALL = /pool minimum size/;

interface DriverError {
  readonly code?: unknown;
  readonly message: string;
  readonly name: string;
}

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
  const connected = connection.asPromise().catch(() => {});
  await within(OPEN_MS, connected, { ref: true });
  if (connection.readyState === ConnectionStates.connected && connection.db) return connection;
  throw new StoreOpenError(
    'connection: the Mongoose connection of the app is not connected; check its URL and that its server runs',
  );
}

/** Says what went wrong at the database of this URL, without anything of the URL but its hosts. */
export function cannotOpen(url: string, cause: unknown): StoreOpenError {
  const hosts = hostsOf(url);
  const where = hosts ?? 'the server it names';
  return new StoreOpenError(
    `database_url: MongoDB at ${where} cannot be opened ${explained(cause, hosts !== null)}`,
  );
}

/** Says what went wrong on the connection of the host. */
export function cannotShare(cause: unknown): StoreOpenError {
  return new StoreOpenError(`connection: MongoDB cannot be used over it ${explained(cause, true)}`);
}

/** Messages of the driver quote the URL that it cannot read, or what it takes for a host; those about a duplicate quote an address. */
function explained(error: unknown, areHostsKnown: boolean): string {
  const cause = error instanceof AccountError ? error.cause : error;
  const { code, message, name } = cause as DriverError;
  const isHarmless =
    typeof code === 'number' || (areHostsKnown && (cause !== error || OF_SERVERS.test(name)));
  const reason = isHarmless && !/:\/\/|@/.test(message) ? message : name;
  return `(${reason}); ${cure(cause as DriverError)}`;
}

function cure({ code, message, name }: DriverError): string {
  if (FORBIDDEN.has(code)) {
    return 'check user, password and authSource, and that the user may write to this database';
  }
  if (POOL_TOO_SMALL.test(message)) return 'set database_pool_size to the minPoolSize of the URL, or to more';
  if (code === INVALID_NAMESPACE || /Parse|InvalidArgument|API|MongoRuntime/.test(name)) {
    return 'write it as mongodb://user:password@host/name, percent-encoded, with options that the driver knows';
  }
  return 'check that the server runs and can be reached from here';
}

function named(url: string, { databaseName }: ConnectionSettings): { dbName?: string } {
  return namesDatabase(url) ? {} : { dbName: databaseName ?? DEFAULT_DATABASE };
}

function pooled(url: string, { poolSize }: ConnectionSettings): { maxPoolSize?: number } {
  if (poolSize === null && /[?&]maxPoolSize=/i.test(url)) return {};
  return { maxPoolSize: poolSize ?? DEFAULT_POOL_SIZE };
}
