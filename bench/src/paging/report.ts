import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { RegStackModule } from '@regstack/nestjs';
import type { BenchOptions } from '../options';
import { median } from '../statistics';
import { markdownTable } from '../report/table';
import { fillUsers, idOf } from './fill';

const PAGE = 100;
const ROUNDS = 25;
/** No filter. */
const ALL = { search: null, isActive: null, isVerified: null, isSuperuser: null } as const;
const HEADER = ['', 'page of 100, ms', 'against the first'];

/**
 * What a page of users costs for admins, the first and the last of very many: by its key it must not depend on how far back it is. Beside
 * it what a client pays who leaves rows out instead, and what the total and a search cost, which look at every user.
 */
export async function pagingReport({ databaseUrl, n }: BenchOptions): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'regstack-bench-'));
  try {
    const url = databaseUrl ?? `sqlite:${join(directory, 'users.db')}`;
    return await measured(url, n);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measured(databaseUrl: string, n: number): Promise<string> {
  const { Store } = await import('@regstack/nestjs/testing');
  const tablePrefix = `bench_${randomBytes(4).toString('hex')}_`;
  const options = { databaseUrl, tablePrefix, jwtSecret: randomBytes(48).toString('base64url') };
  const app = await NestFactory.createApplicationContext(
    RegStackModule.forRoot({ ...options, databaseTimeoutMs: 60_000 }),
    { logger: ['error', 'warn'] },
  );
  try {
    await fillUsers(app, tablePrefix, n);
    const { accounts } = app.get(Store);
    const page = (before: string | null, skip = 0) => accounts.list(ALL, { before, skip, limit: PAGE });
    const last = idOf(PAGE + 1);
    const first = await medianOf(() => page(null));
    const rows: readonly (readonly [string, number])[] = [
      [`the first of ${n / PAGE} pages`, first],
      ['the last one, by its key', await medianOf(() => page(last))],
      ['the hundredth, by leaving rows out', await medianOf(() => page(null, 99 * PAGE))],
      ['the total', await medianOf(() => accounts.countOf(ALL))],
      [
        'a search that finds nobody',
        await medianOf(
          () =>
            accounts.list({ ...ALL, search: 'nobody is called so' }, { before: null, skip: 0, limit: PAGE }),
          3,
        ),
      ],
    ];
    const cells = rows.map(([what, ms]) => [what, ms.toFixed(2), `${(ms / first).toFixed(2)} ×`]);
    const [kind] = databaseUrl.split(':', 1);
    return `${n} users, ${kind}; medians of ${ROUNDS}.\n\n${await markdownTable(HEADER, cells)}`;
  } finally {
    await app.close();
  }
}

async function medianOf(work: () => Promise<unknown>, rounds = ROUNDS): Promise<number> {
  await work();
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    await work();
    times.push(performance.now() - begin);
  }
  return median(times);
}
