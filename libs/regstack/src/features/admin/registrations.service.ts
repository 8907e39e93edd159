import { Injectable } from '@nestjs/common';
import { UserRegisteredEvent } from '../../kernel/account-events';
import { Clock } from '../../kernel/clock';
import { AccountError } from '../../kernel/errors';
import { looksLikeId } from '../../kernel/ids';
import type { By } from '../../kernel/origin';
import type { RegStackUser } from '../../kernel/regstack-user';
import {
  type ListedAttempt,
  PendingRegistrationRepository,
} from '../../ports/pending-registration.repository';
import { Cursors, type Page, type PageRequest } from '../../services/cursors';
import { publicUser } from '../../services/public-user';
import { SecurityLog } from '../../services/security-log';

/** Attempts to register that wait for the proof of their address, for admins. */
@Injectable()
export class AdminRegistrationsService {
  constructor(
    private readonly attempts: PendingRegistrationRepository,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
    private readonly log: SecurityLog,
  ) {}

  /**
   * A page, newest first. Several may be of one address: each has the password that was typed with it.
   * @throws AccountError `request.invalid` for a cursor that is not ours
   */
  async list({ cursor, limit }: PageRequest): Promise<Page<ListedAttempt>> {
    const before = this.cursors.read('pending-registrations', cursor);
    const found = await this.attempts.list({ before, limit: limit + 1 }, this.clock.now());
    return this.cursors.pageOf('pending-registrations', found, limit);
  }

  /**
   * Makes a verified user of an attempt, for somebody whom no mail reaches: the admin answers for it that the address is theirs. Every
   * other attempt on the address is dropped.
   *
   * @throws AccountError `registration.not_found`, also when it was used at the same moment or the address has an account
   */
  async promote(id: string, by: By): Promise<RegStackUser> {
    const record = looksLikeId(id) ? await this.attempts.activate(id, this.clock.now()) : null;
    if (!record) throw new AccountError('registration.not_found');
    const user = publicUser(record);
    this.log.note('registration.promoted', by, { target: user.id });
    this.log.record(new UserRegisteredEvent(user), by);
    return user;
  }
}
