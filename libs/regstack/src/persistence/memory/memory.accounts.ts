import { changedUser, toldOf } from '../../ports/account-changes';
import {
  type AccountChanges,
  AccountRepository,
  type ChangedAccount,
  type ChangeNotices,
  type LastAdmin,
  type Removal,
  type UserCounts,
  type UserQuery,
} from '../../ports/account.repository';
import type { Keyset } from '../../ports/keyset';
import type { UserRecord } from '../../ports/user.repository';
import { type MemoryTables, pageOf, recordOf, type StoredUser } from './memory.tables';

export class MemoryAccountRepository extends AccountRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async changeAccount(
    id: string,
    changes: AccountChanges,
    notices: ChangeNotices = {},
  ): Promise<ChangedAccount | LastAdmin | null> {
    const before = this.tables.users.get(id);
    if (!before) return null;
    const user = changedUser(before, changes);
    if (isAdmin(before) && !isAdmin(user) && !this.hasOtherAdmin(id)) return 'last_admin';
    this.tables.users.set(id, user);
    for (const notice of toldOf(before, changes, notices)) this.tables.queue(notice);
    return { before: recordOf(before), user: recordOf(user) };
  }

  override async remove(id: string, removal: Removal): Promise<UserRecord | LastAdmin | null> {
    const { expectedEpoch, notices, at } = removal;
    const user = this.tables.users.get(id);
    if (!user || (expectedEpoch !== null && user.authEpoch !== expectedEpoch)) return null;
    if (isAdmin(user) && !this.hasOtherAdmin(id)) return 'last_admin';
    this.wipe(user, at);
    for (const notice of notices) this.tables.queue(notice);
    return recordOf(user);
  }

  override async list(
    query: UserQuery,
    page: Keyset & { readonly skip: number },
  ): Promise<readonly UserRecord[]> {
    return pageOf(this.matching(query), page).map(recordOf);
  }

  override async countOf(query: UserQuery): Promise<number> {
    return this.matching(query).length;
  }

  override async counts(now: Date): Promise<UserCounts> {
    const users = [...this.tables.users.values()];
    const waiting = [...this.tables.pending.values()].filter(
      ({ email, expiresAt }) => expiresAt > now && !this.tables.holderOf(email, now),
    );
    return {
      total: users.length,
      active: users.filter(({ isActive }) => isActive).length,
      verified: users.filter(({ isVerified }) => isVerified).length,
      superusers: users.filter(({ isSuperuser }) => isSuperuser).length,
      pendingRegistrations: new Set(waiting.map(({ email }) => email)).size,
    };
  }

  private hasOtherAdmin(id: string): boolean {
    return [...this.tables.users.values()].some((user) => user.id !== id && isAdmin(user));
  }

  private wipe({ id, email, emailUndo, phoneNumber }: StoredUser, now: Date): void {
    const { users, sessions, challenges, pending, outbox, trustedDevices } = this.tables;
    const former = emailUndo && emailUndo.expiresAt > now ? [emailUndo.email] : [];
    const addresses = new Set<string>([email, ...former]);
    const attempts = [...pending.values()].filter((one) => addresses.has(one.email));
    const subjects = new Set<string>([id, ...addresses, ...attempts.map((one) => one.id)]);
    const theirs = [...challenges.values()].filter((one) => one.userId === id || subjects.has(one.subjectId));
    const carried = new Set<string | null>(theirs.map((one) => one.id));
    for (const table of [sessions, trustedDevices])
      for (const one of table.values()) if (one.userId === id) table.delete(one.id);
    for (const one of theirs) challenges.delete(one.id);
    for (const one of attempts) pending.delete(one.id);
    for (const one of outbox.values()) {
      const isTold = addresses.has(one.recipient) || one.recipient === phoneNumber;
      if (isTold || carried.has(one.challengeId)) outbox.delete(one.id);
    }
    users.delete(id);
  }

  private matching({ search, isActive, isVerified, isSuperuser }: UserQuery): readonly StoredUser[] {
    return [...this.tables.users.values()].filter(
      (user) =>
        isOr(isActive, user.isActive) &&
        isOr(isVerified, user.isVerified) &&
        isOr(isSuperuser, user.isSuperuser) &&
        (search === null || isFound(search, user)),
    );
  }
}

const isOr = (wanted: boolean | null, is: boolean): boolean => wanted === null || wanted === is;

const isAdmin = (user: UserRecord): boolean => user.isActive && user.isSuperuser;

function isFound(search: string, { email, fullName }: UserRecord): boolean {
  const name = lowerAscii(fullName ?? '');
  return email.includes(search.toLowerCase()) || name.includes(lowerAscii(search));
}

const lowerAscii = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
