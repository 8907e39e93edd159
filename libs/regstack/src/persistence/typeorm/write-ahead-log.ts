import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const datasync = promisify(fdatasync);

/**
 * Puts on disk what SQLite has written to its write-ahead log. SQLite's own wait (`synchronous = FULL`) stops the event loop at
 * every write; this one does not, and one wait serves all who wrote while the one before it was under way.
 */
export class WriteAheadLog {
  private running: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  private constructor(private readonly descriptor: number) {}

  /** @param database path of the database; its log is there once SQLite has opened it, and stays as long as SQLite has it open */
  static of(database: string): WriteAheadLog {
    const log = new WriteAheadLog(openSync(`${database}-wal`, 'r+'));
    syncDirectory(dirname(database));
    return log;
  }

  /**
   * Resolves once everything that was written before the call is on disk.
   * @throws the error of the file system: then nobody knows whether it is
   */
  onDisk(): Promise<void> {
    // What has begun may miss the newest write of a caller that comes while it runs: such callers share the one after it.
    this.next ??= this.running
      .catch(() => {})
      .then(() => {
        this.next = undefined;
        this.running = this.sync();
        return this.running;
      });
    return this.next;
  }

  async close(): Promise<void> {
    await this.next?.catch(() => {});
    await this.running.catch(() => {});
    closeSync(this.descriptor);
  }

  private sync(): Promise<void> {
    return datasync(this.descriptor);
  }
}

/** The log's name must survive a power cut as well. Some systems open no directory: they keep names by themselves. */
function syncDirectory(path: string): void {
  try {
    const descriptor = openSync(path, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch (error) {
    if (process.platform !== 'win32') throw error;
  }
}
