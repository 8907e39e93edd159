import { AccountError } from '../kernel/errors';

/**
 * Parses a form body (`application/x-www-form-urlencoded`, WHATWG URL section 5.1): flat text fields, none twice.
 * @throws AccountError `request.duplicate_key`, `request.forbidden_key`, `request.malformed`
 */
export function parseForm(bytes: Uint8Array): Record<string, string> {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(textOf(bytes))) {
    if (name === '__proto__') throw new AccountError('request.forbidden_key');
    if (fields.has(name)) throw new AccountError('request.duplicate_key');
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

/** UTF-8, as it stands and behind its percent signs. */
function textOf(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // A percent sign before anything else is itself.
    decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, ''));
    return text;
  } catch {
    throw new AccountError('request.malformed');
  }
}
