import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RegStackOptions } from '@regstack/nestjs';
import Database from 'better-sqlite3';
import type { Connection } from 'mongoose';
import type { DataSource } from 'typeorm';
import { DATABASES } from '../support/databases';
import { PASSWORD } from '../support/demo';
import { scratchFolder } from '../support/scratch-folder';
import type { Flip, Trial } from './settings.trial';

const folder = scratchFolder('databases');
const freshFile = (): string => join(folder, `${randomBytes(6).toString('hex')}.db`);
const [fileA, fileB] = [freshFile(), freshFile()];
const registering = async ({ host }: Trial): Promise<number> =>
  (await host.call('POST', '/api/auth/register', { email: 'flip@example.org', password: PASSWORD })).status;

/** How a request fares while another process holds the lock of the database, and whether it waited for a second. */
const locked = async ({ host, settings }: Trial): Promise<unknown> => {
  const other = new Database(settings.databaseUrl!.slice('sqlite:'.length));
  other.exec('BEGIN EXCLUSIVE');
  const begin = Date.now();
  const { status } = await host.call('POST', '/api/auth/register', {
    email: 'flip@example.org',
    password: PASSWORD,
  });
  other.close();
  return [status, Date.now() - begin > 1000 ? 'waited' : 'did not wait'];
};

const tables = async ({ host }: Trial): Promise<unknown> => {
  const rows = await host.app
    .get<DataSource>('regstackDataSource', { strict: false })
    .query<{ name: string }[]>(`SELECT name FROM sqlite_master WHERE name LIKE '%users'`);
  return rows.map(({ name }) => name);
};

/** How many connections this instance has open after a burst. */
const connections = async ({ host }: Trial): Promise<number> => {
  const dataSource = host.app.get<DataSource>('regstackDataSource', { strict: false });
  const guess = { email: 'flip@example.org', password: 'wrong password' };
  await Promise.all(Array.from({ length: 30 }, () => host.call('POST', '/api/auth/login', guess)));
  const count = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'regstack' AND datname = current_database()`;
  const [row] = await dataSource.query<{ n: number }[]>(count);
  return row!.n;
};

const collections = async ({ host }: Trial): Promise<unknown> => {
  const connection = host.app.get<Connection>('regstackConnection', { strict: false });
  await connection.dropDatabase();
  return connection.name;
};

const freshPostgres = async (): Promise<RegStackOptions> => ({
  databaseUrl: await DATABASES.postgres.fresh(),
});
const mongoWithoutName = async (): Promise<RegStackOptions> => ({
  databaseUrl: (await DATABASES.mongo.fresh()).replace(/\/test_[0-9a-f]+/, '/'),
});

/** Flips of the settings about the database. */
export const DATABASE_FLIPS: Readonly<Record<string, Flip>> = {
  databaseUrl: {
    values: [`sqlite:${fileA}`, `sqlite+aiosqlite:///${fileB}`],
    with: () => ({ email: { backend: 'console' } }),
    ownStore: true,
    see: async () => [existsSync(fileA), existsSync(fileB)],
    shows: [
      [true, false],
      [true, true],
    ],
  },
  tablePrefix: {
    values: ['regstack_', 'plum_'],
    ownStore: true,
    see: tables,
    shows: [['regstack_users'], ['plum_users']],
  },
  autoMigrate: {
    values: [true, false],
    ownStore: true,
    see: async (t) => registering(t),
    shows: [201, expect.stringMatching(/auto_migrate/)],
  },
  databaseTimeoutMs: {
    values: [100, 1500],
    with: () => ({ databaseUrl: `sqlite:${freshFile()}` }),
    ownStore: true,
    see: locked,
    shows: [
      [503, 'did not wait'],
      [503, 'waited'],
    ],
  },
  databasePoolSize: {
    values: [1, 4],
    with: freshPostgres,
    ownStore: true,
    needs: 'postgres',
    see: connections,
    shows: [1, 4],
  },
  mongodbDatabase: {
    values: ['flip_first', 'flip_second'],
    with: mongoWithoutName,
    ownStore: true,
    needs: 'mongo',
    see: collections,
    shows: ['flip_first', 'flip_second'],
  },
};
