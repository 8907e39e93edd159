const JWT = /\beyJ[\w-]+\.([\w-]+)\.[\w-]+/g;
/** The end of a page: the id of its last row, signed. The signature is another one for every id. */
const CURSOR = /\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[\w-]+\.)[\w-]{22}/g;
const ID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
/** What an app has to know: base32; and the same as a picture, whose size depends on it. */
const APP_SECRET = /(?<![\w-])[A-Z2-7]{32}(?![\w-])/g;
export const PICTURE = '"qr_svg":"';
const DRAWN = new RegExp(`${PICTURE}(?:[^"\\\\]|\\\\.)*"`);
const RECOVERY = /\b[a-km-np-z2-9]{4}(?:-[a-km-np-z2-9]{4}){5}\b/g;
/** Of a text message. That two of them are the same by chance says nothing, so they have no names. */
const CODE = /\b\d{6}\b/g;
const SECRET = /(?<![\w-])[\w-]{43}(?![\w-])/g;

/**
 * Replaces what is random in the answers of one run, by order of first appearance: the same id always becomes the same placeholder, so
 * that two runs are equal only if what was the same in one was the same in the other. Times stay: every run has the same clock.
 */
export class Placeholders {
  private readonly names = new Map<string, string>();

  /** The text with ids, link tokens, their hashes and session tokens replaced; of a session token the claims stay visible. */
  in(text: string): string {
    return text
      .replace(DRAWN, `${PICTURE}«picture»"`)
      .replaceAll(JWT, (token, claims: string) => `«${this.nameOf('jwt', token)} ${decoded(claims)}»`)
      .replaceAll(CURSOR, '$1«signature»')
      .replaceAll(ID, (id) => `«${this.nameOf('id', id)}»`)
      .replaceAll(APP_SECRET, (secret) => `«${this.nameOf('app', secret)}»`)
      .replaceAll(RECOVERY, (code) => `«${this.nameOf('recovery', code)}»`)
      .replaceAll(SECRET, (secret) => `«${this.nameOf('secret', secret)}»`);
  }

  /** The same for a text message, with its code replaced. */
  inText(text: string): string {
    return this.in(text).replaceAll(CODE, '«code»');
  }

  private nameOf(kind: string, text: string): string {
    const name = this.names.get(text) ?? `${kind} ${this.names.size + 1}`;
    this.names.set(text, name);
    return name;
  }
}

const decoded = (part: string): string => Buffer.from(part, 'base64url').toString();
