import type { MigrationInterface } from 'typeorm';
import { accounts } from './1764028800000-accounts';

/** Every migration in order, for the tables under `prefix`. A released migration is never edited; the next change is a new file. */
export function migrations(prefix: string): (new () => MigrationInterface)[] {
  return [accounts(prefix)];
}
