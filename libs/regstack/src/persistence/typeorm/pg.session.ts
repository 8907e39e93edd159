import type { DataSource } from 'typeorm';
import { StoreOpenError } from '../../ports/store';
import type { PostgresOptions } from './postgres.data-source';

/** What our statements and the reading of our columns rely on; databases and roles may have other defaults. */
const SETTINGS = ['default_transaction_isolation=read\\ committed', 'datestyle=ISO'];

/**
 * Options that every session of ours starts with (`options` of the startup message, the form of `postgres -c`), behind those that the
 * host gives. A schema stands in the search path, so that no statement has to name it.
 */
export function sessionOptions({ schema, extra }: PostgresOptions): string {
  const given = (extra as { options?: unknown } | undefined)?.options;
  const path = schema === undefined ? [] : [`search_path=${identifier(schema)}`];
  const ours = [...SETTINGS, ...path].map((setting) => `-c ${setting}`);
  return [...(typeof given === 'string' ? [given] : []), ...ours].join(' ');
}

/**
 * Looks whether the sessions are as they should be: the options of a URL win over ours, and a proxy may drop them all.
 * @throws StoreOpenError naming what is not
 */
export async function checkSession(dataSource: DataSource, schema: string | undefined): Promise<void> {
  const [found] = await dataSource.query<Record<'schema' | 'isolation' | 'datestyle', string | null>[]>(
    `SELECT current_schema() AS schema, current_setting('default_transaction_isolation') AS isolation,
      current_setting('datestyle') AS datestyle`,
  );
  const checks: readonly (readonly [right: boolean, what: string])[] = [
    [found!.schema !== null, 'the search_path names no schema that exists'],
    [schema === undefined || found!.schema === schema, `the search_path does not begin with ${schema}`],
    [found!.isolation === 'read committed', 'default_transaction_isolation must be read committed'],
    [found!.datestyle?.startsWith('ISO') ?? false, 'datestyle must be ISO'],
  ];
  const wrong = checks.find(([right]) => !right);
  if (!wrong) return;
  throw new StoreOpenError(
    `the sessions of PostgreSQL are not as they should be: ${wrong[1]}; take other options out of the URL, or let the proxy pass ours`,
  );
}

/** In quotes, within a list that is split at spaces. */
function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`.replace(/[\\\s]/g, '\\$&');
}
