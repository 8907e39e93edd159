import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import {
  type AccountEvent,
  UserDemotedEvent,
  UserDisabledEvent,
  UserEnabledEvent,
  UserProfileUpdatedEvent,
  UserPromotedEvent,
  UserRolesChangedEvent,
} from '../kernel/account-events';
import { looksLikeId } from '../kernel/ids';
import type { By } from '../kernel/origin';
import type { RegStackUser } from '../kernel/regstack-user';
import {
  type AccountChanges,
  AccountRepository,
  type ChangedAccount,
  type ChangeNotices,
} from '../ports/account.repository';
import { UserRepository } from '../ports/user.repository';
import { refuseLastAdmin } from './last-admin';
import { Leftovers } from './leftovers';
import { OutboxService } from './outbox.service';
import { publicUser } from './public-user';
import { SecurityLog } from './security-log';
import { SecurityNotices } from './security-notices';

/** Changes of accounts that leave their credentials alone: profile, roles, status, rights. */
@Injectable()
export class AccountChangeService {
  constructor(
    private readonly users: UserRepository,
    private readonly accounts: AccountRepository,
    private readonly leftovers: Leftovers,
    private readonly notices: SecurityNotices,
    private readonly outbox: OutboxService,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Changes an account, and tells what has really changed, its owner too where it is about status, rights or sessions. Effective
   * on the next request.
   * @returns the user after the change; null when there is none
   * @throws AccountError `account.last_admin` when no active superuser would be left, however many try at once (P5)
   */
  async change(id: string, changes: AccountChanges, by: By): Promise<RegStackUser | null> {
    if (!looksLikeId(id)) return null;
    const changed = await this.accounts.changeAccount(id, changes, await this.noticesOf(id, changes, by));
    if (changed === null) return null;
    if (changed === 'last_admin') return refuseLastAdmin(this.log, id, by);
    if (changed.user.authEpoch > changed.before.authEpoch) await this.leftovers.clear(changed.user);
    if (isTold(changes)) this.outbox.wake();
    for (const event of eventsOf(changed)) this.log.record(event, by);
    if (changes.endSessions) this.log.note('session.all_revoked', by, { target: id });
    return publicUser(changed.user);
  }

  /** They go to the address of this moment: one that is changed right now had its owner until then. */
  private async noticesOf(id: string, changes: AccountChanges, by: By): Promise<ChangeNotices> {
    if (!isTold(changes)) return {};
    const owner = await this.users.findById(id);
    return owner ? this.notices.accountChanged(owner, changes, by) : {};
  }
}

function isTold({ isActive, isSuperuser, endSessions }: AccountChanges): boolean {
  return isActive !== undefined || isSuperuser !== undefined || endSessions !== undefined;
}

function eventsOf({ before, user }: ChangedAccount): readonly AccountEvent[] {
  const now = publicUser(user);
  const hasChanged = (field: keyof RegStackUser) => !isDeepStrictEqual(before[field], user[field]);
  return [
    ...(hasChanged('fullName') || hasChanged('attributes') ? [new UserProfileUpdatedEvent(now)] : []),
    ...(hasChanged('roles') ? [new UserRolesChangedEvent(now)] : []),
    ...(hasChanged('isSuperuser') ? [new (now.isSuperuser ? UserPromotedEvent : UserDemotedEvent)(now)] : []),
    ...(hasChanged('isActive') ? [new (now.isActive ? UserEnabledEvent : UserDisabledEvent)(now)] : []),
  ];
}
