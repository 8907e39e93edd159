import { Injectable } from '@nestjs/common';
import { UserRegisteredEvent, UserVerifiedEvent } from '../../kernel/account-events';
import { Clock } from '../../kernel/clock';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import type { RegStackUser } from '../../kernel/regstack-user';
import type { Challenge } from '../../ports/challenge.repository';
import { PendingRegistrationRepository } from '../../ports/pending-registration.repository';
import type { UserRecord } from '../../ports/user.repository';
import { AttributeSchema } from '../../services/attribute.schema';
import { CredentialsService } from '../../services/credentials.service';
import { MailedLinks } from '../../services/mailed-links';
import { PasswordService } from '../../services/password.service';
import { publicUser } from '../../services/public-user';
import { SecurityLog } from '../../services/security-log';

const KINDS = ['registration', 'mailbox', 'verification'] as const;

/** Proof of an address by the link that was mailed to it. */
@Injectable()
export class VerificationService {
  constructor(
    private readonly clock: Clock,
    private readonly links: MailedLinks,
    private readonly attempts: PendingRegistrationRepository,
    private readonly schema: AttributeSchema,
    private readonly passwords: PasswordService,
    private readonly credentials: CredentialsService,
    private readonly log: SecurityLog,
  ) {}

  /** What the link asks for while it can be used, or null. Changes nothing. */
  async look(token: string): Promise<{ needsPassword: boolean } | null> {
    const challenge = await this.links.find(KINDS, token);
    if (!challenge) return null;
    if (challenge.kind === 'verification' && !(await this.links.ownerOf(challenge))) return null;
    return { needsPassword: challenge.kind === 'mailbox' };
  }

  /**
   * Uses the link. Looking it up decides nothing; storing or changing the user does, exactly once (P1, P3).
   *
   * @param newPassword for a link that proves the mailbox only, and for no other (P11)
   * @throws AccountError `token.invalid` for a link that is unknown, expired, used or beaten by another: one answer;
   *   `verification.password_required` and `password.*`, which leave the link as it is
   */
  async verify(token: string, newPassword: string | undefined, origin: Origin): Promise<RegStackUser> {
    const challenge = await this.links.find(KINDS, token);
    if (!challenge) throw new AccountError('token.invalid');
    if (challenge.kind === 'verification') return this.verifyAccount(challenge, newPassword, origin);
    const record =
      challenge.kind === 'mailbox'
        ? await this.settle(challenge, newPassword)
        : await this.activate(challenge, newPassword);
    if (!record) throw new AccountError('token.invalid');
    const user = publicUser(record);
    const by = { actor: user.id, origin };
    this.log.record(new UserRegisteredEvent(user), by);
    this.log.record(new UserVerifiedEvent(user), by);
    return user;
  }

  /** The attempt becomes a user with the password that was typed with it, and with no other (R37). */
  private activate({ subjectId }: Challenge, newPassword?: string): Promise<UserRecord | null> {
    refusePassword(newPassword);
    return this.attempts.activate(subjectId, this.clock.now());
  }

  /** The mailbox becomes a user with the password that is typed now; its id is that of the proof, so there is one. */
  private async settle({ id, email }: Challenge, newPassword?: string): Promise<UserRecord | null> {
    if (newPassword === undefined) {
      throw new AccountError('verification.password_required', {
        fields: [{ field: 'new_password', message: 'is needed with this link' }],
      });
    }
    const owner = { email: email!, fullName: null };
    const passwordHash = await this.passwords.hashNew(newPassword, owner, 'new_password');
    const createdAt = this.clock.now();
    const attributes = this.schema.initial();
    const marks = { isVerified: true, isSuperuser: false, attributes, createdAt };
    return this.attempts.settle({ ...owner, ...marks, id, passwordHash });
  }

  /** The first proof of the mailbox of an account (P10). */
  private async verifyAccount(
    challenge: Challenge,
    newPassword: string | undefined,
    origin: Origin,
  ): Promise<RegStackUser> {
    refusePassword(newPassword);
    const owner = await this.links.ownerOf(challenge);
    const user = owner && (await this.credentials.change(owner, { isVerified: true }, []));
    if (!user) throw new AccountError('token.invalid');
    this.log.record(new UserVerifiedEvent(user), { actor: user.id, origin });
    return user;
  }
}

/** Nobody is to believe that they have set a password which was never looked at. */
function refusePassword(newPassword?: string): void {
  if (newPassword === undefined) return;
  throw new AccountError('request.invalid', {
    fields: [
      { field: 'new_password', message: 'must not be given with this link: the password is chosen already' },
    ],
  });
}
