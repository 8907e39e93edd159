import { setTimeout as delay } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { Schema } from '../../ports/schema';
import { StoreOpenError } from '../../ports/store';
import { COLLECTION_NAMES, type CollectionName } from './collections';
import { type Index, INDEXES } from './indexes';
import type { Mongo } from './mongo';

/** Attempts at making the indexes, while other processes make them too, and the pause between two, ms. */
const ATTEMPTS = 10;
const PAUSE_MS = 200;
const NAMESPACE_NOT_FOUND = 26;
const DUPLICATE_KEY = 11000;
/** Codes for an index that is there in another form. */
const CONFLICTS: ReadonlySet<unknown> = new Set([85, 86]);

/** Users of the first version hold their address without saying so. Its processes may add more at any time, so they are never pending. */
const UNCLAIMED = { claims: { $exists: false } };
const CLAIM = [{ $set: { claims: ['$email'] } }];

/** The indexes of our collections in a database. */
export class MongooseSchema extends Schema {
  constructor(
    private readonly mongo: Mongo,
    private readonly explained: (cause: unknown) => StoreOpenError,
  ) {
    super();
  }

  override pending(): Promise<readonly string[]> {
    return this.inEach((name) => this.missingIn(name));
  }

  override plan(): Promise<readonly string[]> {
    return this.inEach(async (name) => {
      const hasUnclaimed = name === 'users' && (await this.hasUnclaimed());
      const claims = hasUnclaimed ? [this.command(name, 'updateMany', UNCLAIMED, CLAIM)] : [];
      const indexes = (await this.missing(name)).map(({ key, ...options }) =>
        this.command(name, 'createIndex', key, options),
      );
      return [...claims, ...indexes];
    });
  }

  override bringUpToDate(): Promise<readonly string[]> {
    return this.inEach(async (name) => {
      const claims = name === 'users' ? await this.claimAddresses() : [];
      const indexes = await this.missingIn(name);
      await this.make(name);
      return [...claims, ...indexes];
    });
  }

  private async claimAddresses(): Promise<readonly string[]> {
    try {
      const { modifiedCount } = await this.mongo.patient().users.updateMany(UNCLAIMED, CLAIM);
      return modifiedCount > 0 ? [`${this.nameOf('users')}.claims`] : [];
    } catch (error) {
      this.refuse(error, 'users');
      throw error;
    }
  }

  private async hasUnclaimed(): Promise<boolean> {
    return (await this.mongo.run(({ users }) => users.findOne(UNCLAIMED))) !== null;
  }

  /**
   * Asks the server for the indexes, which waits for those that are being built. Two who make a collection at the same moment may
   * get in each other's way, in words that differ from server to server; so what counts is whether the indexes stand.
   */
  private async make(name: CollectionName): Promise<void> {
    const specs = INDEXES[name].map((index) => ({ ...index, key: { ...index.key } }));
    if (specs.length === 0) return;
    for (let attempt = 1; ; attempt++) {
      try {
        await this.mongo.patient()[name].createIndexes(specs);
        return;
      } catch (error) {
        this.refuse(error, name);
        if ((await this.missing(name)).length === 0) return;
        if (attempt === ATTEMPTS) throw error;
      }
      await delay(PAUSE_MS * Math.random());
    }
  }

  private async missingIn(name: CollectionName): Promise<readonly string[]> {
    const missing = await this.missing(name);
    return missing.map(({ key }) => `${this.nameOf(name)}.${Object.keys(key).join('_1_')}_1`);
  }

  private async missing(name: CollectionName): Promise<readonly Index[]> {
    const found = new Set((await this.list(name)).map(formOf));
    return INDEXES[name].filter((index) => !found.has(formOf(index)));
  }

  private async list(name: CollectionName): Promise<readonly mongo.IndexDescriptionInfo[]> {
    try {
      return await this.mongo.run((collections) => collections[name].indexes());
    } catch (error) {
      if ((error as { code?: unknown }).code === NAMESPACE_NOT_FOUND) return [];
      throw error;
    }
  }

  /** A line for the shell. A prefix has no character that would need quotes. */
  private command(name: CollectionName, method: string, ...params: readonly object[]): string {
    return `db.${this.nameOf(name)}.${method}(${params.map((one) => JSON.stringify(one)).join(', ')})`;
  }

  private nameOf(name: CollectionName): string {
    return this.mongo.patient()[name].collectionName;
  }

  /** @throws StoreOpenError for what no other attempt would change */
  private refuse(error: unknown, name: CollectionName): void {
    const { code } = error as { code?: unknown };
    if (CONFLICTS.has(code)) {
      throw new StoreOpenError(
        `an index of the collection ${this.nameOf(name)} differs from what this version needs: drop that index and boot again`,
      );
    }
    if (code === DUPLICATE_KEY) {
      throw new StoreOpenError(
        `documents of the collection ${this.nameOf(name)} share a value that a unique index allows once: remove all but one and boot again`,
      );
    }
  }

  private async inEach(
    work: (name: CollectionName) => Promise<readonly string[]>,
  ): Promise<readonly string[]> {
    try {
      const all: string[] = [];
      for (const name of COLLECTION_NAMES) all.push(...(await work(name)));
      return all;
    } catch (error) {
      throw error instanceof StoreOpenError ? error : this.explained(error);
    }
  }
}

/** What an index does, whatever its name. */
function formOf(index: Index | mongo.IndexDescriptionInfo): string {
  const { key, unique = false, expireAfterSeconds, partialFilterExpression, ...rest } = index;
  const { sparse = false, collation }: Pick<mongo.IndexDescriptionInfo, 'sparse' | 'collation'> = rest;
  const options = [unique, sparse, expireAfterSeconds, partialFilterExpression, collation];
  return JSON.stringify([Object.entries(key), ...options]);
}
