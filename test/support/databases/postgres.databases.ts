import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { serverUrlOf, type TestDatabases } from './test-databases';

const TABLES = `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
  WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`;

const serverUrl = (): string => serverUrlOf('REGSTACK_TEST_POSTGRES_URL');

/** Databases on the server of the run, or on the one that `REGSTACK_TEST_POSTGRES_URL` names. */
export const postgresDatabases: TestDatabases = {
  fresh: () => freshPostgresDatabase(serverUrl()),
  drop: (url) =>
    onServer(serverUrl(), async (client) => {
      const name = new URL(url).pathname.slice(1);
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
    }),
  dump: dumpOf,
  rows: dumpOf,
};

function dumpOf(url: string): Promise<string> {
  return onServer(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(TABLES);
    const content: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<unknown[]>({ text: `SELECT * FROM ${name}`, rowMode: 'array' });
      content.push(name, ...rows.flat().map(textOf));
    }
    return content.join('\n');
  });
}

/** Makes an empty database with a name of its own on a server; answers its URL. */
export function freshPostgresDatabase(server: string): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  return onServer(server, async (client) => {
    await client.query(`CREATE DATABASE ${name}`);
    const url = new URL(server);
    url.pathname = name;
    return url.href;
  });
}

async function onServer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return Buffer.from(text).toString('latin1');
}
