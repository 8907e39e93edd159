import type { MailContent } from './mailer';

/** The mails of this library with the values that each shows. No value was typed by a stranger (W45). */
export interface MailValues {
  /** Link that proves the address of an attempt to register. */
  readonly 'registration-verify': { readonly link: string; readonly validFor: string };
  /** Somebody tried to register an address that has an account. */
  readonly 'registration-taken': { readonly appUrl: string };
}

/** Name of a mail template. */
export type MailKind = keyof MailValues;

/** Every mail template. */
export const MAIL_KINDS: readonly MailKind[] = ['registration-verify', 'registration-taken'];

/** Renders mails. */
export abstract class MailTemplates {
  /** Subject, text and HTML of a mail. Every template also sees `app_name`. */
  abstract render<K extends MailKind>(kind: K, values: MailValues[K]): Promise<MailContent>;
}
