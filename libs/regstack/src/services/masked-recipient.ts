import { type Channel, channelOf } from '../ports/outbox.repository';

const MASKS: Readonly<Record<Channel, (recipient: string) => string>> = {
  mail: (address) =>
    `${String.fromCodePoint(address.codePointAt(0)!)}…${address.slice(address.lastIndexOf('@'))}`,
  sms: (number) => `…${number.slice(-2)}`,
};

/**
 * As much of a recipient as tells somebody who knows it that it is the one: of an address the first character and the domain, of a number
 * the last two digits. Null: none is left of a message that was sent.
 */
export function maskedRecipient(kind: string, recipient: string): string | null {
  return recipient === '' ? null : MASKS[channelOf(kind)](recipient);
}
