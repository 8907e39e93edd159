import { type Device, RULES, type User } from './terms';

/** Guesses at the password of an address, from anywhere. */
export const strangers = (email: string): string => `strangers ${email}`;

/** Guesses from a device that the user is known by, until the credentials change. */
export const deviceBucket = ({ email, epoch }: User, { id }: Device): string =>
  `device ${id} ${email} ${epoch}`;

/** What is counted, in windows that open with the first count. */
export class Limits {
  private readonly windows = new Map<string, { used: number; readonly endsAt: number }>();

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
    if (window.used >= limit) return false;
    window.used += 1;
    return true;
  }
}
