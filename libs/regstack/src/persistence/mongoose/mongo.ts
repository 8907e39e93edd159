import type { Connection, mongo } from 'mongoose';
import { unavailable } from '../../kernel/errors';
import { type Collections, collectionsOf } from './collections';
import { translated } from './mongo.errors';

/** What building an index of a large collection may take. */
const PATIENT_MS = 10 * 60_000;

/**
 * The one way in which atomic intents reach MongoDB: the driver beneath a Mongoose connection. Models are for hosts: plugins and
 * middleware that a host puts on its Mongoose must not see a hash, nor change a write on which somebody's account hangs.
 */
export class Mongo {
  private db: mongo.Db | undefined;
  private collections: Collections | undefined;

  constructor(
    readonly connection: Connection,
    readonly prefix: string,
    private readonly timeoutMs: number,
  ) {}

  /**
   * Runs one operation. Rejects with `DuplicateKey`, with `service.unavailable` when the database cannot answer in time, or with
   * a defect of ours. The driver keeps the same time and gives up the socket, so that nothing piles up behind a frozen server; our
   * own timer holds where the driver's does not, for example while it is looking for a server.
   */
  async run<T>(operation: (collections: Collections) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(unavailable(new Error(`MongoDB gave no answer within ${this.timeoutMs} ms`)));
      }, this.timeoutMs);
    });
    try {
      return await Promise.race([operation(this.open()), late]);
    } catch (error) {
      throw translated(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks the server for an answer, under the same limit. */
  async ping(): Promise<void> {
    await this.run(() => this.database().command({ ping: 1 }, { timeoutMS: this.timeoutMs }));
  }

  /** The clock of the server, under the same limit. */
  async serverTime(): Promise<Date> {
    const { localTime } = await this.run(() =>
      this.database().command({ hello: 1 }, { timeoutMS: this.timeoutMs }),
    );
    return localTime as Date;
  }

  /** The collections with a generous limit of time, for work that takes long: building indexes. */
  patient(): Collections {
    return collectionsOf(this.database(), this.prefix, PATIENT_MS);
  }

  /** A host that closes its connection and opens it again gets another client: what was made on the old one is of no use. */
  private open(): Collections {
    const db = this.database();
    if (!this.collections || db !== this.db) {
      this.collections = collectionsOf(db, this.prefix, this.timeoutMs);
      this.db = db;
    }
    return this.collections;
  }

  private database(): mongo.Db {
    const { db } = this.connection;
    if (!db) throw unavailable(new Error('the Mongoose connection is closed'));
    return db;
  }
}
