import { isWellFormed } from './text';

/** True for what is no JSON value that every database keeps as it is, or is longer than `maxBytes` as UTF-8. */
export function brokenJson(value: unknown, maxBytes: number): boolean {
  return !isJson(value) || Buffer.byteLength(JSON.stringify(value)) > maxBytes;
}

function isJson(value: unknown, depth = 0): boolean {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return isText(value);
  if (typeof value !== 'object' || depth > MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((one) => isJson(one, depth + 1));
  return isPlain(value) && Object.entries(value).every(([key, one]) => isKey(key) && isJson(one, depth + 1));
}

const MAX_DEPTH = 16;

/** For MongoDB some keys would make something else of the value. */
function isKey(key: string): boolean {
  return isText(key) && !key.startsWith('$') && key !== '_bsontype';
}

/** PostgreSQL keeps no NUL, and no database half a character. */
function isText(text: string): boolean {
  return isWellFormed(text) && !text.includes('\0');
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
