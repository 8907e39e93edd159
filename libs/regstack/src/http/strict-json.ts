import { AccountError } from '../kernel/errors';

const MAX_DEPTH = 16;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/**
 * Parses a JSON body (RFC 8259) more strictly than `JSON.parse`: UTF-8 only, no key twice, no `__proto__`, bounded depth. What one
 * parser reads one way and the next another way is refused instead of guessed. An empty body is an empty object.
 *
 * @throws AccountError `request.malformed`, `request.duplicate_key`, `request.forbidden_key`, `request.too_deep`
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    checkKeys(text);
    return value;
  } catch (error) {
    throw error instanceof AccountError ? error : new AccountError('request.malformed');
  }
}

/** Walks the tokens of text that is known to be valid JSON; one set of keys per open object, null per open array. */
function checkKeys(text: string): void {
  const open: (Set<string> | null)[] = [];
  let lastString: string | null = null;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') checkKey(JSON.parse(lastString!) as string, open.at(-1)!);
    if (open.length > MAX_DEPTH) throw new AccountError('request.too_deep');
    lastString = token.startsWith('"') ? token : null;
  }
}

function checkKey(key: string, seen: Set<string>): void {
  if (key === '__proto__') throw new AccountError('request.forbidden_key');
  if (seen.has(key)) throw new AccountError('request.duplicate_key');
  seen.add(key);
}
