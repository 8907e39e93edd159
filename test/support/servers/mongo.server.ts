import { setTimeout as delay } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { mongoUrlOf } from '../databases/mongo.databases';
import { freePort } from '../free-port';
import { scratchFolder } from '../scratch-folder';
import { findMongoEngine, type MongoEngine } from './mongo.engine';
import { ServerProcess } from './server-process';

/** How a server is set up. */
export interface MongoOptions {
  /** A replica set of one member, which has transactions and change streams. Default: false, a standalone server. */
  readonly isReplicaSet?: boolean;
}

const BOOT_MS = 30_000;
const POLL_MS = 50;

/** A MongoDB server of this process, of the first kind that this machine can have (`find-mongo-engine.mjs`); it ends with this process. */
export class MongoServer {
  private constructor(
    /** What runs, for people. */
    readonly engine: string,
    private readonly settings: { folder: string; port: number; command: readonly string[] },
    private server: ServerProcess,
  ) {}

  /**
   * Starts a server with a new, empty data folder on a free port of 127.0.0.1.
   * @throws Error when no kind of MongoDB can be had here
   */
  static async start({ isReplicaSet = false }: MongoOptions = {}): Promise<MongoServer> {
    const engine = await findMongoEngine();
    const folder = scratchFolder('mongo');
    const port = await freePort();
    const settings = { folder, port, command: commandOf(engine, folder, port, isReplicaSet) };
    const server = new MongoServer(engine.name, settings, await startProcess(settings));
    await server.ready();
    return server;
  }

  /** @param name of a database; one that nobody used yet is empty */
  url(name = ''): string {
    return mongoUrlOf(`mongodb://127.0.0.1:${this.settings.port}`, name);
  }

  /** Ends it at once (SIGKILL), frozen or not; what was acknowledged as journaled stays for `restart()`. */
  stop(): Promise<void> {
    return this.server.stop();
  }

  /** Ends it, where it runs, and starts it again: same port, same data. */
  async restart(): Promise<void> {
    await this.stop();
    this.server = await startProcess(this.settings);
    await this.ready();
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

  private async ready(): Promise<void> {
    const url = `${this.url()}?directConnection=true`;
    const deadline = Date.now() + BOOT_MS;
    for (;;) {
      const state = await isWritable(url).catch((error: Error) => error);
      if (state === true) return;
      this.server.assertRuns();
      if (Date.now() > deadline) throw new Error(`${this.engine} did not answer in time: ${String(state)}`);
      await delay(POLL_MS);
    }
  }
}

const startProcess = ({ folder, command }: { folder: string; command: readonly string[] }) =>
  ServerProcess.start('command.process.mjs', [folder, ...command]);

function commandOf(engine: MongoEngine, folder: string, port: number, isReplicaSet: boolean): string[] {
  const topology = isReplicaSet ? engine.replicaSet : engine.standalone;
  return [...engine.command, ...topology].map((part) =>
    part.replace('{folder}', folder).replace('{port}', String(port)),
  );
}

/** Whether it takes writes. A real replica set waits to be told its members first. */
async function isWritable(url: string): Promise<boolean> {
  const client = new mongo.MongoClient(url, { serverSelectionTimeoutMS: 250 });
  try {
    const admin = client.db('admin');
    const state = await admin.command({ hello: 1 });
    if (state['isreplicaset'] === true) await admin.command({ replSetInitiate: {} });
    return state['isWritablePrimary'] === true;
  } finally {
    await client.close();
  }
}
