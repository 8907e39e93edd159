import { AccountError } from '../kernel/errors';
import type { Origin } from '../kernel/origin';
import type { SecurityLog } from './security-log';

/** What a link was meant for. */
export type LinkPurpose = 'verification' | 'password_reset' | 'email_change' | 'email_change_undo';

/**
 * Refuses a link that is used, expired, replaced or none of ours, and tells the log: somebody may be guessing.
 * @throws AccountError `token.invalid`
 */
export function refuseLink(log: SecurityLog, reason: LinkPurpose, origin: Origin): never {
  log.note('link.refused', { actor: null, origin }, { result: 'refused', reason });
  throw new AccountError('token.invalid');
}
