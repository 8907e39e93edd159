import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { addSeconds, Clock } from '../../kernel/clock';
import { AccountError } from '../../kernel/errors';
import { newId } from '../../kernel/ids';
import { hashToken, looksLikeToken, mintToken } from '../../kernel/secret-token';
import { type Challenge, ChallengeRepository, type NewChallenge } from '../../ports/challenge.repository';
import type { UserRecord } from '../../ports/user.repository';
import { BudgetKeys } from '../../services/budget-keys';

/** What is being set up. */
export type SetupKind = 'phone-setup' | 'totp-setup';

/** An enrolment between its start and its confirmation. */
export interface NewSetup {
  readonly challenge: NewChallenge;
  readonly pendingToken: string;
  readonly expiresIn: number;
}

/** What confirms an enrolment. */
export interface SetupConfirmation {
  readonly pendingToken: string;
  /** What the number or the app shows. */
  readonly code: string;
  readonly currentPassword: string | undefined;
}

/** Enrolments that have begun: one of each kind per user, a newer one takes the place of an older one (W21). */
@Injectable()
export class SetupsService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly challenges: ChallengeRepository,
    private readonly keys: BudgetKeys,
  ) {}

  /** A new one, not stored yet. */
  mint(kind: SetupKind, user: UserRecord, expiresIn: number, payload: string | null = null): NewSetup {
    const pendingToken = mintToken();
    const createdAt = this.clock.now();
    const whose = { subjectId: user.id, userId: user.id, authEpoch: user.authEpoch };
    const proves = { email: null, phoneNumber: null, tokenHash: hashToken(pendingToken), payload };
    const times = { createdAt, expiresAt: addSeconds(createdAt, expiresIn) };
    return {
      challenge: { id: newId(createdAt), kind, ...whose, ...proves, ...times },
      pendingToken,
      expiresIn,
    };
  }

  /** Stores it. A decoy, which no code confirms, leaves an older one in its place, and is answered like one. */
  async store({ challenge }: NewSetup, { isDecoy = false } = {}): Promise<void> {
    const subjectId = isDecoy ? this.keys.decoyOf(challenge.subjectId) : challenge.subjectId;
    await this.challenges.issue({ ...challenge, subjectId }, null);
  }

  /**
   * The one that a token belongs to, a decoy as well: no code confirms it, and guesses at one are answered as any other.
   * @throws AccountError `mfa.challenge_expired`, whatever the reason: unknown, replaced, expired, all of its guesses made, somebody else's,
   *   credentials changed
   */
  async get(kind: SetupKind, pendingToken: string, user: UserRecord): Promise<Challenge> {
    const found = looksLikeToken(pendingToken)
      ? await this.challenges.findLive([kind], hashToken(pendingToken), this.clock.now())
      : null;
    const isOpen = found !== null && found.guesses < this.config.smsCodeMaxAttempts;
    if (isOpen && found.userId === user.id && found.authEpoch === user.authEpoch) return found;
    throw new AccountError('mfa.challenge_expired');
  }

  /**
   * Counts a guess at the code that confirms one, before it is compared.
   * @throws AccountError `mfa.challenge_expired` where there were enough
   */
  async countGuess({ id }: Challenge): Promise<void> {
    const isOneMore = await this.challenges.countGuess(id, this.config.smsCodeMaxAttempts, this.clock.now());
    if (!isOneMore) throw new AccountError('mfa.challenge_expired');
  }
}
