import type { SMS_PREFIX } from './outbox.repository';

/** What a text shows: the code, and how long it can be used. */
export interface CodeValues {
  readonly code: string;
  readonly validFor: string;
}

/** A record, so that a name is in the list and in the type. */
const KINDS = {
  /** Code for the second step of a sign-in. */
  'sms-sign-in': true,
  /** Code that proves a number which is being enrolled. */
  'sms-phone-setup': true,
  /** Code that proves, to somebody signed in, that they still have their number. */
  'sms-proof': true,
} as const satisfies Readonly<Record<`${typeof SMS_PREFIX}${string}`, true>>;

/** Name of the template of a text message; also its kind in the outbox. */
export type SmsKind = keyof typeof KINDS;

/** Every template of a text message. */
export const SMS_KINDS = Object.keys(KINDS) as readonly SmsKind[];

/** Renders text messages. */
export abstract class SmsTemplates {
  /** The text of a message. Every template also sees `app_name`. */
  abstract render(kind: SmsKind, values: CodeValues): Promise<string>;
}
