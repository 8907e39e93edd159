import type { EmailAddress } from '../../kernel/email-address';
import type { CredentialRecord, EmailUndo } from '../../ports/user.repository';
import type { UndoDocument, UserDocument } from './documents';
import { USER_FIELDS, type UserFields, userFrom } from './records';

/** Fields that a change of credentials goes by. */
export const CREDENTIAL_FIELDS = {
  ...USER_FIELDS,
  password_hash: 1,
  undo: 1,
  'totp.secret': 1,
  'totp.last_step': 1,
  'recovery.codes': 1,
} as const;

/** A user as read with {@link CREDENTIAL_FIELDS}. */
export type CredentialFields = UserFields &
  Pick<UserDocument, 'password_hash' | 'undo' | 'totp' | 'recovery'>;

/** The user in a document that was read so. */
export function credentialsFrom(document: CredentialFields): CredentialRecord {
  const { password_hash: passwordHash, undo, totp, recovery } = document;
  return {
    ...userFrom(document),
    passwordHash,
    emailUndo: undo ? undoFrom(undo) : null,
    totp: totp ? { sealedSecret: totp.secret, lastStep: totp.last_step } : null,
    recoveryCodesLeft: recovery?.codes.length ?? 0,
  };
}

/** One that notes no epoch is from before every epoch: all second factors have been set since. */
function undoFrom({ email, token_hash, expires_at, auth_epoch = -1 }: UndoDocument): EmailUndo {
  return {
    email: email as EmailAddress,
    tokenHash: token_hash,
    expiresAt: expires_at,
    authEpoch: auth_epoch,
  };
}
