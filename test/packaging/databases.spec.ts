import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASES } from '../support/databases';
import { storesOfRun } from '../support/stores';
import { blankHost, EVERY_DATABASE, HOST, lendBinary, run } from './blank-host';

describe('in a blank host with the packages of every database', () => {
  const PACKAGES = {
    sqlite: ['typeorm', 'better-sqlite3'],
    postgres: ['typeorm', 'pg'],
    mongo: ['mongoose', 'mongodb'],
  } as const;
  const kinds = (['sqlite', 'postgres', 'mongo'] as const).filter((kind) => storesOfRun().includes(kind));
  let folder: string;
  beforeAll(() => {
    folder = blankHost(EVERY_DATABASE);
    lendBinary(folder);
    writeFileSync(join(folder, 'host.js'), HOST);
  }, 300_000);

  const story = async (kind: (typeof kinds)[number]): Promise<unknown> => {
    const url = await DATABASES[kind].fresh();
    try {
      return JSON.parse(run('node', ['host.js'], folder, { HOST_DATABASE_URL: url }));
    } catch (error) {
      return JSON.parse((error as { stdout: string }).stdout);
    } finally {
      await DATABASES[kind].drop(url);
    }
  };
  const hidden = async (names: readonly string[], act: () => Promise<unknown>): Promise<unknown> => {
    const path = (name: string, suffix = ''): string => join(folder, 'node_modules', name + suffix);
    for (const name of names) renameSync(path(name), path(name, '.hidden'));
    try {
      return await act();
    } finally {
      for (const name of names) renameSync(path(name, '.hidden'), path(name));
    }
  };

  it.each(kinds)('%s loads its own packages and no other', async (kind) => {
    expect(await story(kind)).toMatchObject({
      orders: { status: 200 },
      used: [...PACKAGES[kind], 'express'],
    });
  });

  it.each(kinds)('%s needs no package of another database', async (kind) => {
    const every = new Set<string>(Object.values(PACKAGES).flat());
    const others = [...every].filter((name) => !PACKAGES[kind].includes(name as never));
    expect(await hidden(others, () => story(kind))).toMatchObject({ orders: { status: 200 } });
  });

  it.each(kinds)('%s without one of its packages names the install line', async (kind) => {
    for (const name of PACKAGES[kind].slice(0, 2)) {
      if (name === 'mongodb') continue;
      expect(await hidden([name], () => story(kind))).toEqual({
        refused: expect.stringMatching(new RegExp(`run: npm install .*${name}`)),
      });
    }
  });
});
