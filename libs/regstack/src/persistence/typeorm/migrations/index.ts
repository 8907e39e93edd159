import type { MigrationInterface } from 'typeorm';
import type { Dialect } from '../dialect';
import { accounts } from './1764028800000-accounts';
import { severalProcesses } from './1764115200000-several-processes';
import { addressesAndDevices } from './1764201600000-addresses-and-devices';
import { rolesAndAudit } from './1764288000000-roles-and-audit';
import { secondFactors } from './1764374400000-second-factors';
import { messagesByState } from './1764460800000-messages-by-state';
import { keysInUse } from './1764547200000-keys-in-use';

/**
 * Every migration in order, for the tables under `prefix`. A released migration is never edited; the next change is a new file. What `up()`
 * runs is the same on every database: it calls `query()` with a text and nothing else, and looks at no answer, so that it can be told
 * beforehand.
 */
export function migrations(dialect: Dialect, prefix: string): (new () => MigrationInterface)[] {
  return [
    accounts(dialect, prefix),
    severalProcesses(prefix),
    addressesAndDevices(dialect, prefix),
    rolesAndAudit(dialect, prefix),
    secondFactors(dialect, prefix),
    messagesByState(prefix),
    keysInUse(prefix),
  ];
}
