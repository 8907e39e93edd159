import { domainToASCII } from 'node:url';
import { AccountError } from './errors';
import { hasControl, isWellFormed } from './text';

/** RFC 5321 section 4.5.3.1: octets of a local part, of a whole path without its brackets. */
const LOCAL_MAX = 64;
const ADDRESS_MAX = 254;

/** Dot-atom of RFC 5322 section 3.2.3, extended to letters, marks and digits of any script (RFC 6531). No quoted local parts. */
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

/** A host name of at least two labels (RFC 1035 section 2.3.1) whose last label is not a number: no IP addresses. */
const DOMAIN =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/;

/** A domain as typed: letters of any script. Checked first, because the URL parser behind IDNA would cut at '/', '?', '#' or ':'. */
const TYPED_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;

const LATIN = /\p{Script=Latin}/u;
const OTHER_SCRIPT = /(?!\p{Script=Latin})\p{L}/u;

declare const canonical: unique symbol;

/** An e-mail address in canonical form: what is stored, compared and mailed to. Made by {@link canonicalEmail} only. */
export type EmailAddress = string & { readonly [canonical]: true };

/**
 * The canonical form of an address as typed: trimmed, NFC, lower case, domain as ASCII by IDNA (UTS 46). One mailbox has one
 * form, so case, composition and script of the domain never make a second account (R38, W19).
 * Refused: display-name forms, quoted local parts, control characters, compatibility look-alikes (full-width letters),
 * Latin letters mixed with another script in the local part, domains without a dot, IP literals.
 *
 * @param field name of the field that it was typed in
 * @throws AccountError `email.invalid`
 */
export function canonicalEmail(typed: string, field = 'email'): EmailAddress {
  const address = parse(typed);
  if (address === null) {
    throw new AccountError('email.invalid', {
      fields: [{ field, message: 'must be an e-mail address such as name@example.org' }],
    });
  }
  return address;
}

/** The address without a `+tag` in its local part: many addresses of this form are one mailbox. For counting, never for mailing. */
export function untagged(email: EmailAddress): string {
  const [plus, at] = [email.indexOf('+'), email.lastIndexOf('@')];
  return plus > 0 && plus < at ? email.slice(0, plus) + email.slice(at) : email;
}

function parse(typed: string): EmailAddress | null {
  if (!isWellFormed(typed) || hasControl(typed)) return null;
  const text = typed.trim().normalize('NFC').toLowerCase().normalize('NFC');
  if (text.normalize('NFKC') !== text) return null;
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const typedDomain = text.slice(at + 1);
  const domain = TYPED_DOMAIN.test(typedDomain) ? domainToASCII(typedDomain) : '';
  const address = `${local}@${domain}`;
  const valid =
    at > 0 &&
    LOCAL.test(local) &&
    Buffer.byteLength(local) <= LOCAL_MAX &&
    !(LATIN.test(local) && OTHER_SCRIPT.test(local)) &&
    DOMAIN.test(domain) &&
    Buffer.byteLength(address) <= ADDRESS_MAX;
  return valid ? (address as EmailAddress) : null;
}
