import { codeFor, isCodeUse } from './codes';
import { isUse, type Text, type Use, type Value } from './step';

/** Stands for what nobody has got yet: well-formed, and never one of ours. */
const NOBODYS = 'A'.repeat(43);

/** Fields whose values later steps send back. */
const KEPT = /(^|_)(id|token|hash|code|secret|cursor)$/;
const LIST_OF_CODES = 'recovery_codes';
const FORM_FIELD = /<input type="hidden" name="(\w+)" value="([^"]*)">/g;
/** The code of a text message, of which it is the first word. */
const TEXT_CODE = /^\d{6}\b/;
/** Which page a mailed link leads to, ours or the host's, and its token. */
const LINK = /\/([\w-]+)\?token=([\w-]+)/;
/** The part of a cookie's name that says what it is for. */
const COOKIE = /^regstack-(?:step-)?([\w-]+)=/;

/** What tells whose id it is, where it is not a user's: a field that the others have not. */
const KINDS = { user_agent: 'session', expires_at: 'attempt', kind: 'record' };

/** What one run has seen, by mailbox and name. The symbols of the steps are looked up here. */
export class Notebook {
  private readonly seen = new Map<string, string[]>();

  /** @param now by which an app makes its codes */
  constructor(private readonly now: () => Date) {}

  /** Keeps what an answer brought: fields of a JSON body, hidden fields of a page, cookies. */
  keepAnswer(of: string, body: string, cookies: readonly string[]): void {
    if (body.startsWith('{')) this.keepFields(of, JSON.parse(body));
    for (const [, name, value] of body.matchAll(FORM_FIELD)) this.keep(of, name!, value!);
    for (const cookie of cookies)
      this.keep(of, `cookie ${COOKIE.exec(cookie)?.[1] ?? ''}`, cookie.split(';', 1)[0]!);
  }

  /** Keeps the token of a mailed link. */
  keepMail(of: string, text: string): void {
    const [, page, token] = LINK.exec(text) ?? [];
    if (page !== undefined && token !== undefined) this.keep(of, `link ${page}`, token);
  }

  /** Keeps the code of a text message. */
  keepText(of: string, text: string): void {
    const [code] = TEXT_CODE.exec(text) ?? [];
    if (code !== undefined) this.keep(of, 'text code', code);
  }

  /** The text with what its uses stand for on this store. */
  text(text: Text): string {
    return [text]
      .flat()
      .map((part) => (isUse(part) ? this.find(part) : part))
      .join('');
  }

  /** The value with what its uses stand for on this store. */
  value(value: Value): unknown {
    if (isUse(value)) return this.find(value);
    if (Array.isArray(value)) return value.map((one: Value) => this.value(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.value(one as Value)]));
  }

  private find(wanted: Use): string {
    if (isCodeUse(wanted)) return codeFor(wanted, this.now(), (one) => this.find(one));
    const { use, of, back } = wanted;
    return this.seen.get(`${of} ${use}`)?.at(-1 - back) ?? NOBODYS;
  }

  private keepFields(of: string, value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, one] of Object.entries(value)) {
      if (key === LIST_OF_CODES) for (const code of one as string[]) this.keep(of, 'recovery code', code);
      else if (typeof one === 'string' && KEPT.test(key))
        this.keep(of, key === 'id' ? idOf(value) : key, one);
      else this.keepFields(of, one);
    }
  }

  private keep(of: string, name: string, value: string): void {
    const key = `${of} ${name}`;
    const list = this.seen.get(key);
    if (list) list.push(value);
    else this.seen.set(key, [value]);
  }
}

/** Under which name the id of this is kept. */
function idOf(value: object): string {
  const kind = Object.entries(KINDS).find(([field]) => field in value)?.[1];
  return kind === undefined ? 'id' : `${kind} id`;
}
