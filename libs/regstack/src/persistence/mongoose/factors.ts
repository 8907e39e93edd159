import { keyIdOf } from '../../ports/key-use.repository';
import type { CredentialChanges, TotpFactor } from '../../ports/user.repository';
import type { TotpDocument } from './documents';
import { type Expression, literal, literals } from './expressions';
import { plain } from './plain';

/** What an update sets, by field. Every expression sees the document as it was. */
export type Sets = Readonly<Record<string, Expression>>;

const GONE = '$$REMOVE';

/** The second factors that a change names, each as one of `epoch` (P9). */
export function factorsOf(changes: CredentialChanges, epoch: number): Sets {
  const { phoneNumber, totp, recoveryCodes, recoveryKeyId, isMfaEnabled } = changes;
  return {
    ...(phoneNumber !== undefined && phoneOf(phoneNumber, epoch)),
    ...(totp !== undefined && { totp: totp ? literals(totpDocument(totp, epoch)) : GONE }),
    ...(recoveryCodes !== undefined && { recovery: recoveryOf(recoveryCodes, recoveryKeyId, epoch) }),
    ...(isMfaEnabled !== undefined && literals({ is_mfa_enabled: isMfaEnabled })),
  };
}

/**
 * The same, and the mailbox is proved. The first proof removes what was planted before it, whatever else is set (P10).
 */
export function proved(set: Sets): Sets {
  const afterFirst = (field: string, planted: Expression): Sets => ({
    [field]: { $cond: ['$is_verified', set[field] ?? `$${field}`, planted] },
  });
  return {
    ...set,
    is_verified: true,
    ...afterFirst('phone_number', null),
    ...afterFirst('phone_epoch', GONE),
    ...afterFirst('totp', GONE),
    ...afterFirst('recovery', GONE),
    ...afterFirst('is_mfa_enabled', false),
  };
}

const isThere = (field: string): Expression => ({ $ne: [{ $ifNull: [`$${field}`, null] }, null] });
/** Of an undo that notes no epoch it is not known what was set before it: then nothing was. */
const isBeforeUndo = (epoch: string): Expression => ({
  $lte: [{ $ifNull: [`$${epoch}`, 0] }, { $ifNull: ['$undo.auth_epoch', -1] }],
});
const KEEPS_PHONE = { $and: [isThere('phone_number'), isBeforeUndo('phone_epoch')] };
const KEEPS_TOTP = { $and: [isThere('totp'), isBeforeUndo('totp.epoch')] };
const KEEPS_FACTOR = { $or: [KEEPS_PHONE, KEEPS_TOTP] };
const KEEPS_CODES = { $and: [KEEPS_FACTOR, isBeforeUndo('recovery.epoch')] };

/** What the undo of a change of address leaves of the second factors (P9). */
export const FACTORS_BEFORE_UNDO: Sets = {
  phone_number: { $cond: [KEEPS_PHONE, '$phone_number', null] },
  phone_epoch: { $cond: [KEEPS_PHONE, '$phone_epoch', GONE] },
  totp: { $cond: [KEEPS_TOTP, '$totp', GONE] },
  recovery: { $cond: [KEEPS_CODES, '$recovery', GONE] },
  is_mfa_enabled: { $and: ['$is_mfa_enabled', KEEPS_FACTOR] },
};

function phoneOf(number: string | null, epoch: number): Sets {
  return { ...literals({ phone_number: number }), phone_epoch: number === null ? GONE : literal(epoch) };
}

function totpDocument({ sealedSecret, lastStep }: TotpFactor, epoch: number): TotpDocument {
  const { secret, ...rest } = plain({ secret: sealedSecret, last_step: lastStep, epoch });
  return { secret, key_id: keyIdOf(secret), ...rest };
}

function recoveryOf(hashes: readonly string[], keyId: string | undefined, epoch: number): Expression {
  const codes = hashes.map((code) => plain({ code }).code);
  if (codes.length === 0) return GONE;
  // Each field by its value: what an update leaves out of a document stays in it.
  return { codes: literal(codes), ...literals({ key_id: keyId ?? null, epoch }) };
}
