import { keyIdOf } from '../../ports/key-use.repository';
import type { CredentialChanges, TotpFactor } from '../../ports/user.repository';
import type { Assignments } from './assignments';
import { recoveryColumn } from './recovery-codes';

/** Columns of each second factor. */
const PHONE = ['phone_number', 'phone_epoch'];
const TOTP = ['totp_secret', 'totp_kid', 'totp_last_step', 'totp_epoch'];
const RECOVERY = ['recovery_codes', 'recovery_kid', 'recovery_epoch'];
const FLAG = 'is_mfa_enabled';

/** With its type: within an expression PostgreSQL takes a parameter for text. */
const COUNT = 'CAST(? AS integer)';

/** What a change of credentials sets. A factor that is set is one of `epoch`, the new one. */
export function changesOf(changes: CredentialChanges, epoch: number): Assignments {
  const { passwordHash, isVerified, phoneNumber, totp, recoveryCodes, recoveryKeyId, isMfaEnabled } = changes;
  const given: Assignments = {
    ...(passwordHash !== undefined && { password_hash: ['?', passwordHash] }),
    ...(phoneNumber !== undefined && phoneOf(phoneNumber, epoch)),
    ...(totp !== undefined && totpOf(totp, epoch)),
    ...(recoveryCodes && {
      recovery_codes: ['?', recoveryColumn(recoveryCodes)],
      recovery_kid: ['?', recoveryKeyId ?? null],
      recovery_epoch: [COUNT, epoch],
    }),
    ...(isMfaEnabled !== undefined && { [FLAG]: ['?', isMfaEnabled] }),
  };
  return isVerified ? proved(given) : given;
}

/**
 * A change that proves the mailbox. The first proof removes what was planted before it, and sets no factor either, whatever else the
 * change is about (P10).
 */
function proved(given: Assignments): Assignments {
  const flag = given[FLAG] ?? [FLAG];
  return {
    ...given,
    ...keptWhere('is_verified', [...PHONE, ...TOTP, ...RECOVERY], given),
    [FLAG]: [`(is_verified AND ${flag[0]})`, ...flag.slice(1)],
    is_verified: ['true'],
  };
}

/**
 * What the undo of a change of address leaves of the second factors: those that were set no later than in its epoch (P9). Older versions
 * set no factors, and noted no epoch of what they left open: then every factor is later.
 */
export function factorsBeforeUndo(): Assignments {
  const [phone, totp, recovery] = [isOld('phone_epoch'), isOld('totp_epoch'), isOld('recovery_epoch')];
  const hasFactor = `((phone_number IS NOT NULL AND ${phone}) OR (totp_secret IS NOT NULL AND ${totp}))`;
  return {
    ...keptWhere(phone, PHONE),
    ...keptWhere(totp, TOTP),
    ...keptWhere(`${hasFactor} AND ${recovery}`, RECOVERY),
    [FLAG]: [`(${FLAG} AND ${hasFactor})`],
  };
}

const isOld = (epoch: string): string => `COALESCE(${epoch}, 0) <= COALESCE(undo_epoch, -1)`;

/** Columns under a condition, NULL otherwise: as they were, or as they are given. */
function keptWhere(condition: string, columns: readonly string[], given: Assignments = {}): Assignments {
  return Object.fromEntries(
    columns.map((column) => {
      const [expression, ...params] = given[column] ?? [column];
      return [column, [`CASE WHEN ${condition} THEN ${expression} END`, ...params]];
    }),
  );
}

function phoneOf(number: string | null, epoch: number): Assignments {
  return { phone_number: ['?', number], phone_epoch: [COUNT, number === null ? null : epoch] };
}

function totpOf(totp: TotpFactor | null, epoch: number): Assignments {
  return {
    totp_secret: ['?', totp && totp.sealedSecret],
    // A column of its own, for an index to find.
    totp_kid: ['?', totp && keyIdOf(totp.sealedSecret)],
    totp_last_step: [COUNT, totp && totp.lastStep],
    totp_epoch: [COUNT, totp && epoch],
  };
}
