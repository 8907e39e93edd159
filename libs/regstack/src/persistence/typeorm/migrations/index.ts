import type { MigrationInterface } from 'typeorm';
import type { Dialect } from '../dialect';
import { accounts } from './1764028800000-accounts';

/** Every migration in order, for the tables under `prefix`. A released migration is never edited; the next change is a new file. */
export function migrations(dialect: Dialect, prefix: string): (new () => MigrationInterface)[] {
  return [accounts(dialect, prefix)];
}
