import { AccountError } from '../kernel/errors';
import { looksLikeId } from '../kernel/ids';
import type { CredentialRecord, UserRecord, UserRepository } from '../ports/user.repository';
import type { Authentication } from './session-authenticator';

/** The user with an id that somebody has typed, or null: text that is no id is nobody's, on every database. */
export async function findUser(users: UserRepository, id: string): Promise<UserRecord | null> {
  return looksLikeId(id) ? users.findById(id) : null;
}

/**
 * The user of a session, with what changing credentials needs. A session that died while its request was on the way proves nothing.
 * @throws AccountError `session.required`
 */
export async function getOwner(
  users: UserRepository,
  { user: { id }, authEpoch }: Authentication,
): Promise<CredentialRecord> {
  const user = await users.findCredentials(id);
  if (user?.authEpoch !== authEpoch) throw new AccountError('session.required');
  return user;
}
