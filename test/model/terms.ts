import type { Factors } from './factors';

/** The rules of this run, of which some are narrower than by default so that a short sequence comes upon them. Seconds. */
export const RULES = {
  verifyTtl: 86_400,
  resetTtl: 1800,
  changeTtl: 3600,
  undoTtl: 259_200,
  sessionTtl: 7200,
  guesses: 3,
  guessWindow: 900,
  mailsPerHour: 3,
  mailsPerDay: 4,
  passwordMin: 12,
  step: 30,
  waitTtl: 600,
  codeTtl: 300,
  guessesPerCode: 5,
  wrongCodes: 10,
  wrongCodesWindow: 3600,
  textsPerHour: 4,
  textsPerDay: 8,
} as const;

export type LinkKind =
  'registration' | 'mailbox' | 'verification' | 'password-reset' | 'email-change' | 'undo';

/** What a mail says, by its subject. */
export type MailKind =
  'confirm' | 'finish' | 'have account' | 'set password' | 'password changed' | Moves | Proofs;
type Proofs = 'factor added' | 'factor removed' | 'recovery codes replaced' | 'recovery code used';
type Moves = 'confirm new address' | 'address changed' | 'change undone' | Ends;
type Ends = 'account deleted' | 'account disabled' | 'account enabled';

export interface User {
  readonly id: number;
  email: string;
  password: string | null;
  isVerified: boolean;
  isActive: boolean;
  /** Raised by every change of credentials: what was opened or mailed before is dead. */
  epoch: number;
  /** What a host adds, by name. */
  attributes: Readonly<Record<string, number>>;
  factors: Factors;
  undo: { readonly email: string; readonly link: Link; readonly endsAt: number } | null;
}

export interface Attempt {
  readonly email: string;
  readonly password: string;
  readonly endsAt: number;
}

export interface Link {
  readonly kind: LinkKind;
  /** The user, the attempt or the address that it is about. */
  readonly subject: User | Attempt | string;
  readonly epoch: number;
  /** The address that it proves. */
  readonly email: string;
  readonly endsAt: number;
}

/** Whether a link is about a user. */
export const isUser = (subject: Link['subject']): subject is User =>
  typeof subject !== 'string' && 'epoch' in subject;

/** The epoch that a link about this is bound to. */
export const epochOf = (subject: Link['subject']): number => (isUser(subject) ? subject.epoch : 0);

/** A device is known to the user who signed in on it. */
export interface Device {
  readonly id: number;
  readonly user: User;
}

export interface Session {
  readonly user: User;
  /** Raised by a change of factors that it makes: it goes on. */
  epoch: number;
  readonly device: Device;
  readonly endsAt: number;
}

export interface Mail {
  readonly to: string;
  readonly kind: MailKind;
  readonly link?: Link;
}

/** An answer; of a body what the model knows of a user, or how many items are in it. */
export interface Reply {
  readonly status: number;
  readonly code?: string;
  readonly user?: Pick<User, 'email' | 'attributes'> & Facts;
  readonly items?: number;
  /** By what a second step can be made. */
  readonly methods?: readonly string[];
}

interface Facts {
  readonly is_verified: boolean;
  readonly is_mfa_enabled: boolean;
  readonly phone_number: string | null;
}

/** A refusal. */
export const no = (status: number, code: string): Reply => ({ status, code });
export const DEAD_LINK = no(400, 'token.invalid');
export const NO_SESSION = no(401, 'session.required');
export const TOO_SHORT = no(422, 'password.too_short');
export const LOCKED = no(429, 'login.locked');
export const LOCKED_CODES = no(429, 'mfa.locked');
export const isShort = (password: string): boolean => password.length < RULES.passwordMin;
export const userReply = ({ email, isVerified, attributes, factors }: User): Reply => ({
  status: 200,
  user: {
    email,
    is_verified: isVerified,
    is_mfa_enabled: factors.isOn,
    phone_number: factors.phone?.number ?? null,
    attributes,
  },
});
