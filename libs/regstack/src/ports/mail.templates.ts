import type { MailContent } from './mailer';

/** A link and how long it lives. */
interface LinkValues {
  readonly link: string;
  readonly validFor: string;
}

/** When something happened, and who did it from where, in words of ours: who reads it is to see whether it was they. */
export interface HappeningValues {
  readonly when: string;
  /** Who did it, where it was not the owner; then nothing is told of where. Null: the owner, as far as can be known. */
  readonly by: string | null;
  /** In its one spelling; null where there is none. */
  readonly ip: string | null;
  readonly device: string | null;
}

/** The mails of this library with the values that each shows. No value was typed by a stranger (W45). */
export interface MailValues {
  /** Link that proves the address of an attempt to register. */
  readonly 'registration-verify': LinkValues;
  /** Somebody tried to register an address that has an account. */
  readonly 'registration-taken': { readonly appUrl: string };
  /** Link that proves the mailbox of an address with several attempts, and asks for a password. */
  readonly 'registration-mailbox': LinkValues;
  /** Link that proves the address of an account. */
  readonly 'account-verify': LinkValues;
  /** Link that sets a new password. */
  readonly 'password-reset': LinkValues;
  /** The password was changed. */
  readonly 'password-changed': HappeningValues;
  /** The account was deleted. */
  readonly 'account-deleted': HappeningValues;
  /** Link that proves the address that an account is to move to. */
  readonly 'email-change-confirm': LinkValues;
  /** Somebody wanted to move to an address that has an account. */
  readonly 'email-change-taken': { readonly appUrl: string };
  /** The account has left this address; an empty link: an earlier address may take it back, this one may not. */
  readonly 'email-changed': HappeningValues & LinkValues;
  /** A second factor was enrolled; in words, such as "an authenticator app". */
  readonly 'factor-added': HappeningValues & { readonly factor: string };
  /** Second factors were removed. */
  readonly 'factor-removed': HappeningValues & { readonly factor: string };
  /** New recovery codes took the place of those before. */
  readonly 'recovery-codes-replaced': HappeningValues;
  /** A recovery code was used; so many are left. */
  readonly 'recovery-code-used': HappeningValues & { readonly left: number };
  /** The account has gone back from this address to the one before. */
  readonly 'email-change-undone': HappeningValues;
  /** The account is back at this address; link that sets a new password. */
  readonly 'email-restored': LinkValues;
  /** Nobody can sign in to the account any more. */
  readonly 'account-disabled': HappeningValues;
  /** An account that was disabled can be used again. */
  readonly 'account-enabled': HappeningValues;
  /** The account has the rights of an admin from now on. */
  readonly 'admin-granted': HappeningValues;
  /** The account no longer has the rights of an admin. */
  readonly 'admin-revoked': HappeningValues;
  /** Every session was ended. */
  readonly 'sessions-ended': HappeningValues;
}

/** Name of a mail template. */
export type MailKind = keyof MailValues;

/** A record, so that the compiler misses a name that is missing here. */
const KINDS: Readonly<Record<MailKind, true>> = {
  'registration-verify': true,
  'registration-taken': true,
  'registration-mailbox': true,
  'account-verify': true,
  'password-reset': true,
  'password-changed': true,
  'account-deleted': true,
  'email-change-confirm': true,
  'email-change-taken': true,
  'email-changed': true,
  'factor-added': true,
  'factor-removed': true,
  'recovery-codes-replaced': true,
  'recovery-code-used': true,
  'email-change-undone': true,
  'email-restored': true,
  'account-disabled': true,
  'account-enabled': true,
  'admin-granted': true,
  'admin-revoked': true,
  'sessions-ended': true,
};

/** Every mail template. */
export const MAIL_KINDS = Object.keys(KINDS) as readonly MailKind[];

/** Renders mails. */
export abstract class MailTemplates {
  /** Subject, text and HTML of a mail. Every template also sees `app_name`, `tagline` and `logo`; text and HTML see `subject`. */
  abstract render<K extends MailKind>(kind: K, values: MailValues[K]): Promise<MailContent>;
}
