import { Injectable } from '@nestjs/common';
import { UserRegisteredEvent, UserVerifiedEvent } from '../../kernel/account-events';
import { Clock } from '../../kernel/clock';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import type { RegStackUser, UserAttributes } from '../../kernel/regstack-user';
import type { Challenge } from '../../ports/challenge.repository';
import { PendingRegistrationRepository } from '../../ports/pending-registration.repository';
import type { UserRecord } from '../../ports/user.repository';
import { AttributeSchema } from '../../services/attribute.schema';
import { CredentialsService } from '../../services/credentials.service';
import { MailedLinks } from '../../services/mailed-links';
import { PasswordService } from '../../services/password.service';
import { publicUser } from '../../services/public-user';
import { refuseLink } from '../../services/refused-links';
import { SecurityLog } from '../../services/security-log';

const KINDS = ['registration', 'mailbox', 'verification'] as const;

/** What is typed with a link that proves the mailbox only, and with no other (P11). */
export interface TypedWithLink {
  readonly password?: string | undefined;
  /** Left out: what the host's class begins with. */
  readonly attributes?: UserAttributes | undefined;
}

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
   * @throws AccountError `token.invalid` for a link that is unknown, expired, used or beaten by another: one answer;
   *   `verification.password_required`, `password.*` and `request.invalid`, which leave the link as it is
   */
  async verify(token: string, typed: TypedWithLink, origin: Origin): Promise<RegStackUser> {
    const challenge = await this.links.find(KINDS, token);
    if (!challenge) return refuseLink(this.log, 'verification', origin);
    if (challenge.kind !== 'mailbox') refuseTyped(typed);
    if (challenge.kind === 'verification') return this.verifyAccount(challenge, origin);
    const record =
      challenge.kind === 'mailbox'
        ? await this.settle(challenge, typed)
        : await this.attempts.activate(challenge.subjectId, this.clock.now());
    if (!record) return refuseLink(this.log, 'verification', origin);
    const user = publicUser(record);
    const by = { actor: user.id, origin };
    this.log.record(new UserRegisteredEvent(user), by);
    this.log.record(new UserVerifiedEvent(user), by);
    return user;
  }

  /** The mailbox becomes a user with what is typed now; its id is that of the proof, so there is one. */
  private async settle({ id, email }: Challenge, typed: TypedWithLink): Promise<UserRecord | null> {
    if (typed.password === undefined) {
      throw new AccountError('verification.password_required', {
        fields: [{ field: 'new_password', message: 'is needed with this link' }],
      });
    }
    const attributes = typed.attributes
      ? await this.schema.check(typed.attributes, 'registration')
      : this.schema.initial();
    const owner = { email: email!, fullName: null };
    const passwordHash = await this.passwords.hashNew(typed.password, owner, 'new_password');
    const marks = { isVerified: true, isSuperuser: false, attributes, createdAt: this.clock.now() };
    return this.attempts.settle({ ...owner, ...marks, id, passwordHash });
  }

  /** The first proof of the mailbox of an account (P10). */
  private async verifyAccount(challenge: Challenge, origin: Origin): Promise<RegStackUser> {
    const owner = await this.links.ownerOf(challenge);
    const user = owner && (await this.credentials.change(owner, { isVerified: true }, []));
    if (!user) return refuseLink(this.log, 'verification', origin);
    this.log.record(new UserVerifiedEvent(user), { actor: user.id, origin });
    return user;
  }
}

/** Nobody is to believe that they have set what was never looked at: only that of the attempt is activated (R37). */
function refuseTyped({ password, attributes }: TypedWithLink): void {
  const names = [...(password === undefined ? [] : ['new_password']), ...(attributes ? ['attributes'] : [])];
  if (names.length === 0) return;
  const message = 'must not be given with this link: it was chosen already';
  throw new AccountError('request.invalid', { fields: names.map((field) => ({ field, message })) });
}
