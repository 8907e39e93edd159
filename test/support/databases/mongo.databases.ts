import { randomBytes } from 'node:crypto';
import { mongo } from 'mongoose';
import { serverUrlOf, type TestDatabases } from './test-databases';

const serverUrl = (): string => serverUrlOf('REGSTACK_TEST_MONGODB_URL');

/** Databases on the server of the run, or on the one that `REGSTACK_TEST_MONGODB_URL` names. */
export const mongoDatabases: TestDatabases = {
  fresh: async () => mongoUrlOf(serverUrl(), `test_${randomBytes(8).toString('hex')}`),
  drop: async (url) => {
    await onDatabase(url, (database) => database.dropDatabase());
  },
  dump: dumpOf,
  rows: dumpOf,
  expire: async (url, now) => {
    await onDatabase(url, async (database) => {
      for (const collection of await database.collections())
        await collection.deleteMany({ expires_at: { $lte: now } });
    });
  },
};

function dumpOf(url: string): Promise<string> {
  return onDatabase(url, async (database) => {
    const content: string[] = [];
    for (const collection of await database.collections())
      content.push(collection.collectionName, ...(await collection.find().toArray()).map(bytesOf));
    return content.join('\n');
  });
}

/** The URL of a server, with the name of a database put into it. */
export const mongoUrlOf = (server: string, name: string): string =>
  server.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`);

async function onDatabase<T>(url: string, work: (database: mongo.Db) => Promise<T>): Promise<T> {
  const client = await mongo.MongoClient.connect(url);
  try {
    return await work(client.db());
  } finally {
    await client.close();
  }
}

/** BSON holds text and binary values as they are. */
const bytesOf = (document: object): string => Buffer.from(mongo.BSON.serialize(document)).toString('latin1');
