import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { Clock, secondsUntil } from '../kernel/clock';
import type { EmailAddress } from '../kernel/email-address';
import { AccountError } from '../kernel/errors';
import { type By, BY_THE_APP } from '../kernel/origin';
import { BudgetRepository, type Reservation } from '../ports/budget.repository';
import { BudgetKeys } from './budget-keys';
import type { Bucket } from './buckets';
import { SecurityLog } from './security-log';

/** Failed attempts per address and day, from strangers and from known devices each (R16). */
const PER_DAY = 100;
const DAY_SECONDS = 86_400;

/** A device on which the user has signed in before. */
export interface KnownDevice {
  readonly id: string;
  /** The user's epoch when they last signed in there. */
  readonly knownSince: number;
  /** Of the user: a change of credentials opens fresh windows. */
  readonly authEpoch: number;
}

/** Whose guess at a password it is, and at whose. */
export interface Guess {
  readonly by: By;
  /** Id of the user; null where the address is nobody's. */
  readonly target: string | null;
}

/** One attempt that was counted before it was made. */
export interface LoginAttempt {
  /** No further attempt is left in this window. */
  readonly isLast: boolean;
  /** Takes the count back: the attempt never happened (an outage), or the password was right. */
  refund(): Promise<void>;
  /** Somebody signed in: the bucket that was used is free again, once a burst that it was part of is over. */
  clear(): Promise<void>;
}

type Granted = Extract<Reservation, { granted: true }>;

const UNCOUNTED: LoginAttempt = { isLast: false, refund: async () => {}, clear: async () => {} };

/**
 * Limits guesses at passwords: per address, known and unknown alike (R22), counted before the password is looked at, so that
 * parallel guesses cannot pass together (W08). Known devices have windows of their own, so that a stranger who locks an address
 * does not lock its owner out (R17). Each has a window and a day.
 */
@Injectable()
export class LockoutService {
  constructor(
    private readonly budgets: BudgetRepository,
    private readonly config: RegStackConfig,
    private readonly keys: BudgetKeys,
    private readonly clock: Clock,
    private readonly log: SecurityLog,
  ) {}

  /**
   * Counts one attempt on this address, by a stranger or from a known device, which never falls through to the strangers.
   * @param guess whose guess it is, and whose password is guessed at, for the security log
   * @throws AccountError `login.locked` with the true time until the window ends
   */
  async reserve(
    email: EmailAddress,
    device: KnownDevice | null,
    guess: Guess = { by: BY_THE_APP, target: null },
  ): Promise<LoginAttempt> {
    if (this.config.rateLimitDisabled) return UNCOUNTED;
    const [window, day] = this.bucketsOf(email, device);
    const refund = ({ key }: Bucket, { openedAt }: Granted) => this.budgets.refund(key, openedAt);
    // Refused attempts are none: they count neither towards the day nor, when it is the day that refuses, towards the window,
    // whose end would be told then.
    const granted = (reservation: Reservation) => this.granted(reservation, device, guess);
    const inWindow = granted(await this.count(window));
    const taken = await this.count(day);
    if (!taken.granted) await refund(window, inWindow);
    const inDay = granted(taken);
    return {
      isLast: inWindow.remaining === 0,
      refund: async () => void (await Promise.all([refund(window, inWindow), refund(day, inDay)])),
      clear: async () =>
        void (await Promise.all([this.budgets.release(window.key, this.clock.now()), refund(day, inDay)])),
    };
  }

  /** Counts a wrong password of somebody signed in as a stranger's: a stolen session is no way around their limit (W20). */
  async chargeStrangers(email: EmailAddress): Promise<void> {
    if (this.config.rateLimitDisabled) return;
    const [window, day] = this.bucketsOf(email, null);
    if ((await this.count(window)).granted) await this.count(day);
  }

  /** Somebody signed in by a step after the password: as {@link LoginAttempt.clear}, for an attempt that was given back by then. */
  async release(email: EmailAddress, device: KnownDevice | null): Promise<void> {
    const [window] = this.bucketsOf(email, device);
    await this.budgets.release(window.key, this.clock.now());
  }

  /** The owner proved to read the mail of this address and has set a password: strangers' counts are forgotten, the day's too. */
  async forgive(email: EmailAddress): Promise<void> {
    await Promise.all(this.bucketsOf(email, null).map(({ key }) => this.budgets.forget(key)));
  }

  private bucketsOf(email: EmailAddress, device: KnownDevice | null): readonly [Bucket, Bucket] {
    const { loginLockoutThreshold: limit, loginLockoutWindowSeconds: seconds } = this.config;
    const [window, day] = device
      ? [
          this.keys.of('login-device', email, device.id, device.authEpoch),
          // Apart for each epoch: cookies that a thief has kept from before are not in the way of who signed in since.
          this.keys.of('login-devices-day', email, device.authEpoch, device.knownSince),
        ]
      : [this.keys.of('login', email), this.keys.of('login-day', email)];
    return [
      { key: window, limit, seconds },
      { key: day, limit: PER_DAY, seconds: DAY_SECONDS },
    ];
  }

  /** @throws AccountError `login.locked` for a refusal */
  private granted(reservation: Reservation, device: KnownDevice | null, { by, target }: Guess): Granted {
    if (reservation.granted) return reservation;
    const reason = device ? 'device' : 'address';
    this.log.note('login.limited', by, { target, result: 'refused', reason });
    const retryAfterSeconds = secondsUntil(reservation.until, this.clock.now());
    throw new AccountError('login.locked', { retryAfterSeconds });
  }

  private count({ key, limit, seconds }: Bucket): Promise<Reservation> {
    return this.budgets.reserve(key, limit, seconds, this.clock.now());
  }
}
