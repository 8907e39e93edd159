import { Injectable } from '@nestjs/common';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import type { RegStackUser } from '../../kernel/regstack-user';
import { AccountChangeService } from '../../services/account-change.service';
import { AttributeSchema } from '../../services/attribute.schema';
import type { Authentication } from '../../services/session-authenticator';
import type { ProfileChanges } from '../../services/users.service';

/** The profile of somebody signed in. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly schema: AttributeSchema,
    private readonly changes: AccountChangeService,
  ) {}

  /**
   * Changes name and attributes, those that the host's schema lets their owner write.
   * @throws AccountError `request.invalid` for attributes; `session.required` when the account was deleted at the same moment
   */
  async update({ user }: Authentication, change: ProfileChanges, origin: Origin): Promise<RegStackUser> {
    if (change.attributes) await this.schema.check(change.attributes, 'owner', user.attributes);
    const changed = await this.changes.change(user.id, change, { actor: user.id, origin });
    if (!changed) throw new AccountError('session.required');
    return changed;
  }
}
