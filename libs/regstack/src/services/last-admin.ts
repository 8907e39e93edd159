import { AccountError } from '../kernel/errors';
import type { By } from '../kernel/origin';
import type { SecurityLog } from './security-log';

/**
 * Refuses to take the last active superuser away, and tells the log who tried (W30).
 * @throws AccountError `account.last_admin`
 */
export function refuseLastAdmin(log: SecurityLog, target: string, by: By): never {
  log.note('access.refused', by, { target, result: 'refused', reason: 'account.last_admin' });
  throw new AccountError('account.last_admin');
}
