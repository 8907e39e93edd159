import { looksLikeId } from '../kernel/ids';
import type { UserRecord, UserRepository } from '../ports/user.repository';

/** The user with an id that somebody has typed, or null: text that is no id is nobody's, on every database. */
export async function findUser(users: UserRepository, id: string): Promise<UserRecord | null> {
  return looksLikeId(id) ? users.findById(id) : null;
}
