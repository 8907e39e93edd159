import { type Device, RULES, type User } from './terms';

/** Guesses at the password of an address, from anywhere. */
export const strangers = (email: string): string => `strangers ${email}`;

/** Guesses from a device that the user is known by, until the credentials change. */
export const deviceBucket = ({ email, epoch }: User, { id }: Device): string =>
  `device ${id} ${email} ${epoch}`;

/** Seconds after which a burst is over. */
const BURST = 1;
const TEXT_SPANS = [
  ['hour', RULES.textsPerHour, 3600],
  ['day', RULES.textsPerDay, 86_400],
] as const;

/** What is counted, in windows that open with the first count. */
export class Limits {
  private readonly windows = new Map<string, { used: number; endsAt: number; refused?: true }>();

  /** Counts a guess. */
  mayGuess(bucket: string, now: number): boolean {
    return this.take(bucket, RULES.guesses, RULES.guessWindow, now);
  }

  /** Counts a mail, per mailbox, in whichever of its forms it is typed. */
  mayMail(kind: string, email: string, now: number): boolean {
    const bucket = `${kind} ${email.replace(/\+[^@]*/, '')}`;
    return (
      this.take(`${bucket} hour`, RULES.mailsPerHour, 3600, now) &&
      this.take(`${bucket} day`, RULES.mailsPerDay, 86_400, now)
    );
  }

  /** Counts a guess at a code of a second factor. */
  mayGuessCode(bucket: string, now: number): boolean {
    return this.take(bucket, RULES.wrongCodes, RULES.wrongCodesWindow, now);
  }

  isSpentOnCodes(bucket: string, now: number): boolean {
    const window = this.windows.get(bucket);
    return window !== undefined && window.endsAt > now && window.used >= RULES.wrongCodes;
  }

  /** Counts a text, for the number and for the account; where one of them is full, for none of them. */
  mayText(number: string, userId: number, now: number): boolean {
    const taken: string[] = [];
    for (const whose of [`number ${number}`, `account ${userId}`])
      for (const [span, limit, seconds] of TEXT_SPANS) {
        const bucket = `texts ${whose} ${span}`;
        if (!this.take(bucket, limit, seconds, now)) {
          for (const one of taken) this.giveBack(one);
          return false;
        }
        taken.push(bucket);
      }
    return true;
  }

  /** Somebody came in: what was counted is forgotten, a moment later where somebody was refused meanwhile. */
  release(bucket: string, now: number): void {
    const window = this.windows.get(bucket);
    if (window) window.endsAt = Math.min(window.endsAt, window.refused ? now + BURST : now);
  }

  /** Takes the last count back. */
  giveBack(bucket: string): void {
    this.windows.get(bucket)!.used -= 1;
  }

  /** Forgets what was counted. */
  clear(bucket: string): void {
    this.windows.delete(bucket);
  }

  private take(bucket: string, limit: number, seconds: number, now: number): boolean {
    let window = this.windows.get(bucket);
    if (!window || window.endsAt <= now) window = { used: 0, endsAt: now + seconds };
    this.windows.set(bucket, window);
    if (window.used >= limit) {
      window.refused = true;
      return false;
    }
    window.used += 1;
    return true;
  }
}
