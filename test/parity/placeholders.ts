const JWT = /\beyJ[\w-]+\.([\w-]+)\.[\w-]+/g;
/** The end of a page: the id of its last row, signed. The signature is another one for every id. */
const CURSOR = /\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[\w-]+\.)[\w-]{22}/g;
const ID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
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
      .replaceAll(JWT, (token, claims: string) => `«${this.nameOf('jwt', token)} ${decoded(claims)}»`)
      .replaceAll(CURSOR, '$1«signature»')
      .replaceAll(ID, (id) => `«${this.nameOf('id', id)}»`)
      .replaceAll(SECRET, (secret) => `«${this.nameOf('secret', secret)}»`);
  }

  private nameOf(kind: string, text: string): string {
    const name = this.names.get(text) ?? `${kind} ${this.names.size + 1}`;
    this.names.set(text, name);
    return name;
  }
}

const decoded = (part: string): string => Buffer.from(part, 'base64url').toString();
