import { parsePhoneNumberFromString, type PhoneNumber as ParsedNumber } from 'libphonenumber-js/max';
import { AccountError } from './errors';

/** A telephone number in the form of E.164: `+`, country calling code, number; at most 15 digits. */
export type PhoneNumber = string & { readonly brand: 'PhoneNumber' };

/** E.164 section 6.2.1: what is longer reaches nobody, though some national plan may allow for it. */
const E164 = /^\+[1-9]\d{1,14}$/;

/** Numbers of these types cost whoever calls or texts them, or are no telephones: nobody reads a code there (SMS pumping). */
const REFUSED: ReadonlySet<string | undefined> = new Set([
  'PREMIUM_RATE',
  'SHARED_COST',
  'TOLL_FREE',
  'UAN',
  'VOICEMAIL',
  'PAGER',
]);

/**
 * The number in E.164, of whatever is typed: with a country calling code, spaces and dashes as people write them, no extension. Judged by
 * country and length, and by its type where that is known to cost; whether somebody has it, only a code can tell.
 *
 * @throws AccountError `phone.invalid`
 */
export function canonicalPhoneNumber(text: string): PhoneNumber {
  // Keyboards of East Asia write the plus and the digits in full width.
  const parsed = parsePhoneNumberFromString(text.normalize('NFKC').trim(), { extract: false });
  if (!parsed || !canBeTexted(parsed)) {
    const message = 'must be a telephone number with its country code, such as +49 151 12345678';
    throw new AccountError('phone.invalid', { fields: [{ field: 'phone_number', message }] });
  }
  return parsed.number as PhoneNumber;
}

/** The country calling code of a number, such as `49`. */
export function callingCodeOf(number: PhoneNumber): string {
  return parsePhoneNumberFromString(number)?.countryCallingCode ?? '';
}

function canBeTexted(parsed: ParsedNumber): boolean {
  if (!E164.test(parsed.number)) return false;
  if (!parsed.isPossible() || !isPlain(parsed) || parsed.ext !== undefined || parsed.isNonGeographic())
    return false;
  const type = parsed.getType();
  // Personal numbers cost like premium ones, but for those of North America.
  return !REFUSED.has(type) && !(type === 'PERSONAL_NUMBER' && parsed.countryCallingCode !== '1');
}

/** A zero too many is taken away once only: `+49 00 900…` would pass as an unknown number, and `+49 00 151…` as another one than it is. */
function isPlain({ number }: ParsedNumber): boolean {
  return parsePhoneNumberFromString(number)?.number === number;
}
