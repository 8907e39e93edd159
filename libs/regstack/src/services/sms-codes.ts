import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { addSeconds, Clock } from '../kernel/clock';
import { AccountError } from '../kernel/errors';
import { newId } from '../kernel/ids';
import type { PhoneNumber } from '../kernel/phone-number';
import { withoutBlanks } from '../kernel/text';
import { ChallengeRepository, type NewChallenge } from '../ports/challenge.repository';
import type { UserRecord } from '../ports/user.repository';
import { isSame, keyedHash } from './keyed-hash';
import { KeyRing } from './key-ring';

/** What a code proves. */
export interface CodeSubject {
  /** Id of the challenge that the code belongs to, or of the user who proves the number that they have. A later code takes its place. */
  readonly subjectId: string;
  /** Whose it is, with the epoch that it is good for. */
  readonly user: UserRecord;
  readonly number: PhoneNumber;
}

/** Codes by SMS: each belongs to one subject and one number (W21, W22), is good for one use, and is stored as a keyed hash (W23). */
@Injectable()
export class SmsCodes {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly challenges: ChallengeRepository,
    private readonly keys: KeyRing,
  ) {}

  /** A new code, not stored yet. */
  mint({ subjectId, user, number }: CodeSubject): { code: string; challenge: NewChallenge } {
    const code = this.newCode();
    const createdAt = this.clock.now();
    const id = newId(createdAt);
    const tokenHash = keyedHash(this.keys.current('sms-code'), id, subjectId, number, code);
    const expiresAt = addSeconds(createdAt, this.config.smsCodeTtlSeconds);
    const whose = { userId: user.id, authEpoch: user.authEpoch, phoneNumber: number };
    const rest = { tokenHash, email: null, payload: null, createdAt, expiresAt };
    return { code, challenge: { id, kind: 'sms-code', subjectId, ...whose, ...rest } };
  }

  /**
   * The number that a code proves, for exactly one of any number of calls with the right one; null for a wrong one. Each call is a guess,
   * counted before it is compared (W06); the code that is used up is the one that was compared.
   *
   * @param subject with the epoch of its user now: a code of another one is dead, whether it was cleared away or not
   * @throws AccountError `mfa.challenge_expired` to whoever was second with the right one
   */
  async use(
    { subjectId, authEpoch }: { readonly subjectId: string; readonly authEpoch: number },
    code: string,
  ): Promise<PhoneNumber | null> {
    const now = this.clock.now();
    const challenge = await this.challenges.findLiveAbout('sms-code', subjectId, now);
    if (challenge?.authEpoch !== authEpoch) return null;
    const { id, tokenHash, phoneNumber } = challenge;
    if (!(await this.challenges.countGuess(id, this.config.smsCodeMaxAttempts, now))) return null;
    const digits = withoutBlanks(code);
    const hashes = this.keys
      .all('sms-code')
      .map((key) => keyedHash(key, id, subjectId, phoneNumber!, digits));
    const isRight = hashes.filter((hash) => isSame(hash, tokenHash)).length > 0;
    if (!isRight) return null;
    // It was right, and so no guess: another request was first, or a newer code has taken its place.
    if (!(await this.challenges.consume(id, now))) throw new AccountError('mfa.challenge_expired');
    return phoneNumber as PhoneNumber;
  }

  /** Makes a code worth nothing: one that waits to be sent is not sent any more. */
  async drop(subjectId: string): Promise<void> {
    const now = this.clock.now();
    const challenge = await this.challenges.findLiveAbout('sms-code', subjectId, now);
    if (challenge) await this.challenges.consume(challenge.id, now);
  }

  private newCode(): string {
    const { smsCodeLength } = this.config;
    return String(randomInt(10 ** smsCodeLength)).padStart(smsCodeLength, '0');
  }
}
