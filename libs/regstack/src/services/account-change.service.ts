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
import { type AccountChanges, AccountRepository, type ChangedAccount } from '../ports/account.repository';
import { refuseLastAdmin } from './last-admin';
import { Leftovers } from './leftovers';
import { publicUser } from './public-user';
import { SecurityLog } from './security-log';

/** Changes of accounts that leave their credentials alone: profile, roles, status, rights. */
@Injectable()
export class AccountChangeService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly leftovers: Leftovers,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Changes an account, and tells what has really changed. Effective on the next request.
   * @returns the user after the change; null when there is none
   * @throws AccountError `account.last_admin` when no active superuser would be left, however many try at once (P5)
   */
  async change(id: string, changes: AccountChanges, by: By): Promise<RegStackUser | null> {
    const changed = looksLikeId(id) ? await this.accounts.changeAccount(id, changes) : null;
    if (changed === null) return null;
    if (changed === 'last_admin') return refuseLastAdmin(this.log, id, by);
    if (changed.user.authEpoch > changed.before.authEpoch) await this.leftovers.clear(changed.user);
    for (const event of eventsOf(changed)) this.log.record(event, by);
    if (changes.endSessions) this.log.note('session.all_revoked', by, { target: id });
    return publicUser(changed.user);
  }
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
