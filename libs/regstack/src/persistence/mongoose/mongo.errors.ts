import { unavailable } from '../../kernel/errors';

/** A unique index refused the document. */
export class DuplicateKey extends Error {
  constructor(cause: unknown) {
    super('a unique index refused the document', { cause });
    this.name = 'DuplicateKey';
  }
}

const DUPLICATE_KEY = 11000;

/** True when all that a write of many documents met was that some are there already. */
export function isOnlyDuplicates(error: unknown): boolean {
  if (!(error instanceof DuplicateKey)) return false;
  const { writeErrors = [] } = error.cause as { writeErrors?: readonly { readonly code: unknown }[] };
  return writeErrors.every(({ code }) => code === DUPLICATE_KEY);
}

/**
 * Errors of the driver that mean "not now": no server, no connection, no time. By name: a host's connection may come from another
 * copy of the driver, whose classes are not ours.
 */
const NOT_NOW =
  /^(Mongo)?(Network|ServerSelection|ServerClosed|StalePrimary|WaitQueueTimeout|PoolCleared|PoolClosed|TopologyClosed|NotConnected|ClientClosed|ExpiredSession|OperationTimeout|WriteConcern|UnexpectedServerResponse)/;

/** Marks of the server and the driver that mean the same. */
const NOT_NOW_LABELS = [
  'RetryableWriteError',
  'RetryableError',
  'SystemOverloadedError',
  'PoolRequestedRetry',
];

/** Codes of the server that mean the same (`src/mongo/base/error_codes.yml` of MongoDB). */
const NOT_NOW_CODES: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  18, // AuthenticationFailed: of a connection that was lost
  24, // LockTimeout
  43, // CursorNotFound
  46, // LockBusy
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  79, // UnknownReplWriteConcern
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  175, // QueryPlanKilled
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  237, // CursorKilled
  262, // ExceededTimeLimit
  365, // TemporarilyUnavailable
  462, // IngressRequestRateLimitExceeded
  8000, // that of MongoDB Atlas for AuthenticationFailed
  9001, // SocketException
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11601, // Interrupted
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  14031, // OutOfDiskSpace
]);

/** What callers are told of an error of the driver: {@link DuplicateKey}, `service.unavailable`, or the defect itself. */
export function translated(error: unknown): unknown {
  const { code, name, errorLabels } = error as Partial<DriverError>;
  if (code === DUPLICATE_KEY) return new DuplicateKey(error);
  const isLabelled = NOT_NOW_LABELS.some((label) => errorLabels?.includes(label));
  const isNotNow = isLabelled || NOT_NOW_CODES.has(code) || NOT_NOW.test(name ?? '');
  return isNotNow ? unavailable(error) : error;
}

interface DriverError {
  readonly code: unknown;
  readonly name: string;
  readonly errorLabels: readonly string[];
}
