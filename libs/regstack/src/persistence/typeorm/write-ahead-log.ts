import { closeSync, fdatasync, fstatSync, fsyncSync, openSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/**
 * Puts on disk what SQLite has written to its write-ahead log. SQLite's own wait (`synchronous = FULL`) stops the event loop at
 * every write; this one does not, and one wait serves all who wrote while the one before it was under way.
 */
export class WriteAheadLog {
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;
  private closed: Promise<void> | undefined;

  private constructor(private readonly descriptor: number) {}

  /**
   * @param database path of the database. SQLite puts its log beside the file that a link leads to; it is there once the database
   *   has been opened, and stays as long as it is open
   */
  static of(database: string): WriteAheadLog {
    const file = realpathSync(database);
    syncDirectory(dirname(file));
    return new WriteAheadLog(openSync(`${file}-wal`, 'r+'));
  }

  /**
   * Resolves once everything that was written before the call is on disk.
   * @throws the error of the file system, from then on at every call: what could not be put on disk may be lost although a later
   *   attempt succeeds (Linux reports it once), and later writes stand behind it. Opening the store again ends that.
   */
  onDisk(): Promise<void> {
    // What has begun may miss the newest write of a caller that comes while it runs: such callers share the one after it.
    this.next ??= this.running.then(() => {
      this.next = undefined;
      this.running = this.sync();
      return this.running;
    });
    return this.next;
  }

  /** Puts the last writes on disk; whoever asks after that is told that it is closed. */
  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    await this.onDisk().catch(() => {});
    this.next = Promise.reject(new Error('the log is closed'));
    this.next.catch(() => {});
    closeSync(this.descriptor);
  }

  private async sync(): Promise<void> {
    // Somebody has deleted it: what is written to it belongs to no database any more.
    if (fstatSync(this.descriptor).nlink === 0) throw new Error('the write-ahead log was deleted');
    await promisify(fdatasync)(this.descriptor);
  }
}

/** The log's name must survive a power cut as well. As far as it can be had, like SQLite: not every system opens or syncs a directory. */
function syncDirectory(path: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    fsyncSync(descriptor);
  } catch {
    // Then the system keeps names by itself, or SQLite could not do better either.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
