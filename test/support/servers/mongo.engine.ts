import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A program that speaks MongoDB's protocol, and how it is run. */
export interface MongoEngine {
  /** For people. */
  readonly name: string;
  /** Program and arguments; `{folder}` and `{port}` are to be filled in. */
  readonly command: readonly string[];
  /** More arguments for a standalone server. */
  readonly standalone: readonly string[];
  /** More arguments for a replica set of one. */
  readonly replicaSet: readonly string[];
}

/**
 * What `find-mongo-engine.mjs` finds on this machine, or fetches. Looked for once in a run: `jest.config.js` may have done so already, and
 * the workers inherit it.
 * @throws Error that tells what was tried
 */
export async function findMongoEngine(): Promise<MongoEngine> {
  process.env['REGSTACK_TEST_MONGODB_ENGINE'] ??= await look();
  return JSON.parse(process.env['REGSTACK_TEST_MONGODB_ENGINE']) as MongoEngine;
}

async function look(): Promise<string> {
  const script = join(__dirname, 'find-mongo-engine.mjs');
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    return stdout;
  } catch (error) {
    throw new Error((error as { stderr: string }).stderr.trim(), { cause: error });
  }
}
