import type { User } from './terms';
import { RULES } from './terms';

/** What a code is, for whoever gives one: null for none. */
export type Code =
  /** Of the app, so many time steps from now. */
  | { readonly kind: 'app'; readonly steps: number }
  | { readonly kind: 'text'; readonly text: Text }
  | { readonly kind: 'recovery'; readonly code: string }
  | { readonly kind: 'wrong' };

/** An authenticator app; the play has its secret. */
export interface App {
  lastStep: number;
  readonly epoch: number;
  readonly setup: Setup;
}

/** The second factors of a user, each with the epoch that it was set in. */
export interface Factors {
  isOn: boolean;
  app: App | null;
  phone: { readonly number: string; readonly epoch: number } | null;
  recovery: { codes: readonly string[]; readonly epoch: number };
}

/** A sign-in that waits for its second step. */
export interface Wait {
  readonly user: User;
  readonly epoch: number;
  readonly endsAt: number;
  guesses: number;
  isOver: boolean;
}

/** An enrolment that has begun; the number is that of a phone, null for an app. */
export interface Setup {
  readonly user: User;
  readonly number: string | null;
  readonly epoch: number;
  readonly endsAt: number;
  guesses: number;
}

/** A text message with a code. */
export interface Text {
  readonly to: string;
  /** The sign-in, the enrolment or the user that it is for. */
  readonly about: Wait | Setup | User;
  readonly user: User;
  readonly epoch: number;
  readonly endsAt: number;
  guesses: number;
  isOver: boolean;
}

export const noFactors = (): Factors => ({
  isOn: false,
  app: null,
  phone: null,
  recovery: { codes: [], epoch: 0 },
});

/** What a sign-in may ask for, in its order. */
export function methodsOf({ factors: { isOn, app, phone, recovery } }: User): readonly string[] {
  const own = isOn ? [...(app ? ['totp'] : []), ...(phone ? ['sms'] : [])] : [];
  return own.length > 0 && recovery.codes.length > 0 ? [...own, 'recovery_code'] : own;
}

/** What an undo leaves of them: what was there before the change that it takes back (P9). */
export function factorsBefore(epoch: number, { app, phone, recovery, isOn }: Factors): Factors {
  const [kept, number] = [
    app && app.epoch <= epoch ? app : null,
    phone && phone.epoch <= epoch ? phone : null,
  ];
  const hasFactor = kept !== null || number !== null;
  const codes = hasFactor && recovery.epoch <= epoch ? recovery.codes : [];
  return { isOn: isOn && hasFactor, app: kept, phone: number, recovery: { ...recovery, codes } };
}

/** The texts that were sent: the last one about something is the one that counts. */
export class Texts {
  private readonly all: Text[] = [];

  send(text: Omit<Text, 'guesses' | 'isOver'>): Text {
    const sent = { ...text, guesses: 0, isOver: false };
    this.all.push(sent);
    return sent;
  }

  /** Counts a guess at the code of the last text about this, and uses it up where it is right. */
  isRight(about: Text['about'], code: Code, now: number): boolean {
    const text = this.all.findLast((one) => one.about === about);
    if (!text || text.isOver || text.endsAt <= now || text.epoch !== text.user.epoch) return false;
    if (text.guesses >= RULES.guessesPerCode) return false;
    text.guesses += 1;
    if (code.kind !== 'text' || code.text !== text) return false;
    text.isOver = true;
    return true;
  }
}
