import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadRegStackConfig, type Schema } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import Database from 'better-sqlite3';
import { mongo } from 'mongoose';
import { Client } from 'pg';
import { DATABASES, type ServerStore } from '../support/databases';
import { sqliteFileOf } from '../support/databases/sqlite.databases';
import { describeOn } from '../support/stores';

/** What is done to a database over its own driver, which no store has opened. */
interface Hand {
  /** Runs what a plan says. */
  run(url: string, plan: readonly string[]): Promise<void>;
  /** All that is there, without its rows. */
  look(url: string): Promise<unknown>;
  /** Makes a database as a version left it, out of a file of `schemas`. */
  restore(url: string, file: string): Promise<void>;
}

const LOOK_AT_POSTGRES = `SELECT table_name AS of, column_name AS name, concat_ws(' ', data_type, is_nullable, column_default) AS what
    FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2, 3`;

const inSqlite = <T>(url: string, work: (database: Database.Database) => T): T => {
  const database = new Database(sqliteFileOf(url));
  try {
    return work(database);
  } finally {
    database.close();
  }
};
const inPostgres = async <T>(url: string, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};
const inMongo = async <T>(url: string, work: (db: mongo.Db) => Promise<T>): Promise<T> => {
  const client = await mongo.MongoClient.connect(url);
  try {
    return await work(client.db());
  } finally {
    await client.close();
  }
};

const HANDS: Readonly<Record<ServerStore, Hand>> = {
  sqlite: {
    run: async (url, plan) =>
      inSqlite(url, (database) => void database.exec(`BEGIN; ${plan.join(';')}; COMMIT`)),
    look: async (url) =>
      inSqlite(url, (database) =>
        database.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY name').all(),
      ),
    restore: async (url, file) => inSqlite(url, (database) => void database.exec(readFileSync(file, 'utf8'))),
  },
  postgres: {
    run: (url, plan) =>
      inPostgres(url, async (client) => void (await client.query(`BEGIN; ${plan.join(';')}; COMMIT`))),
    look: (url) => inPostgres(url, async (client) => (await client.query(LOOK_AT_POSTGRES)).rows as unknown),
    restore: (url, file) =>
      inPostgres(url, async (client) => void (await client.query(readFileSync(file, 'utf8')))),
  },
  mongo: {
    run: (url, plan) =>
      inMongo(url, async (db) => {
        const shell = new Proxy({}, { get: (_, name) => db.collection(String(name)) });
        // oxlint-disable-next-line typescript/no-implied-eval -- lines for the shell, which is an interpreter
        for (const line of plan) await new Function('db', `return ${line}`)(shell);
      }),
    look: (url) =>
      inMongo(url, async (db) => {
        const collections = await db.collections();
        const all = await Promise.all(
          collections.map(async (one) => [one.collectionName, await one.indexes()] as const),
        );
        const unclaimed = await db
          .collection('regstack_users')
          .countDocuments({ claims: { $exists: false } });
        return [Object.fromEntries(all), unclaimed];
      }),
    restore: (url, file) =>
      inMongo(url, async (db) => {
        const snapshot = mongo.BSON.EJSON.parse(readFileSync(file, 'utf8')) as Record<
          string,
          { readonly indexes: readonly mongo.IndexDescription[]; readonly documents: [] }
        >;
        for (const [name, { indexes, documents }] of Object.entries(snapshot)) {
          await db.collection(name).insertMany(documents);
          if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
        }
      }),
  },
};

describeOn(['sqlite', 'postgres', 'mongo'], 'the schema, asked and brought up to date', (kind) => {
  const folder = join(__dirname, 'schemas', kind);
  const snapshots = readdirSync(folder).toSorted();
  const hand = HANDS[kind];
  const urls: string[] = [];
  const stores: Store[] = [];
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await Promise.all(urls.splice(0).map((url) => DATABASES[kind].drop(url)));
  });

  /** An empty database, or one that an older version left. */
  const database = async (snapshot?: string): Promise<string> => {
    const url = await DATABASES[kind].fresh();
    urls.push(url);
    if (snapshot !== undefined) await hand.restore(url, join(folder, snapshot));
    return url;
  };
  /** Opened as a command does, which takes the schema as it is. */
  const schemaOf = async (databaseUrl: string): Promise<Schema> => {
    const settings = loadRegStackConfig({ databaseUrl, jwtSecret: 'x'.repeat(32) }, { env: {} });
    const store = await openStore(settings, 'leave');
    stores.push(store);
    return store.schema;
  };
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['an empty database', undefined],
    ...snapshots.map((one) => [one, one] as const),
  ];

  it.each(cases)(
    '%s: to be asked changes nothing, and what is done is what was pending',
    async (_, snapshot) => {
      const url = await database(snapshot);
      const schema = await schemaOf(url);
      const before = await hand.look(url);
      const [pending, plan] = [await schema.pending(), await schema.plan()];
      expect(await hand.look(url)).toEqual(before);
      const isOld = snapshot !== snapshots.at(-1);
      expect([pending.length > 0, plan.length >= pending.length]).toEqual([isOld, true]);
      const done = await schema.bringUpToDate();
      // Addresses that older users hold are claimed by the way: they are never pending.
      expect(done.filter((name) => name !== 'regstack_users.claims')).toEqual(pending);
      const after = [await schema.pending(), await schema.plan(), await schema.bringUpToDate()];
      expect(after).toEqual([[], [], []]);
    },
  );

  it.each(cases)('%s: the plan, run by hand, leaves the same schema', async (_, snapshot) => {
    const [byHand, byUs] = [await database(snapshot), await database(snapshot)];
    const schema = await schemaOf(byHand);
    await hand.run(byHand, await schema.plan());
    expect([await schema.pending(), await schema.plan()]).toEqual([[], []]);
    await (await schemaOf(byUs)).bringUpToDate();
    expect(await hand.look(byHand)).toEqual(await hand.look(byUs));
  });

  it.each(cases)('%s: many at once, also of one process, end with the same schema', async (_, snapshot) => {
    const [url, other] = [await database(snapshot), await database(snapshot)];
    const schemas = await Promise.all(Array.from({ length: 4 }, () => schemaOf(url)));
    const expected = await (await schemaOf(other)).bringUpToDate();
    const done = await Promise.all([...schemas, ...schemas].map((schema) => schema.bringUpToDate()));
    for (const schema of schemas) expect([await schema.pending(), await schema.plan()]).toEqual([[], []]);
    expect(await hand.look(url)).toEqual(await hand.look(other));
    const nothing = Array.from(done, () => []).slice(1);
    if (kind !== 'mongo')
      expect(done.toSorted((a, b) => b.length - a.length)).toEqual([expected, ...nothing]);
  });

  it('taken as it is, a schema is neither made nor refused', async () => {
    const url = await database();
    await schemaOf(url);
    await (await schemaOf(url)).pending();
    expect(await hand.look(url)).toEqual(kind === 'mongo' ? [{}, 0] : []);
  });
});

describeOn(['sqlite'], 'a file that is not there', () => {
  it('is made by the look at it, for its owner alone', async () => {
    const url = await DATABASES.sqlite.fresh();
    const settings = loadRegStackConfig({ databaseUrl: url, jwtSecret: 'x'.repeat(32) }, { env: {} });
    const store = await openStore(settings, 'leave');
    expect((await store.schema.pending()).length).toBeGreaterThan(0);
    expect(statSync(sqliteFileOf(url)).mode & 0o777).toBe(0o600);
    await store.close();
    await DATABASES.sqlite.drop(url);
  });

  it('another process that writes is waited for, and in the end it is told what is in the way', async () => {
    const url = await DATABASES.sqlite.fresh();
    const settings = loadRegStackConfig({ databaseUrl: url, jwtSecret: 'x'.repeat(32) }, { env: {} });
    const store = await openStore(settings, 'leave');
    const other = new Database(sqliteFileOf(url));
    other.exec('BEGIN IMMEDIATE');
    await expect(store.schema.bringUpToDate()).rejects.toThrow(/SQLite file .*database is locked/);
    other.close();
    await store.close();
    await DATABASES.sqlite.drop(url);
  }, 30_000);
});
