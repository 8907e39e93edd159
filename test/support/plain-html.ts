/** An element of a page, by its opening tag. */
export interface Tag {
  readonly name: string;
  /** Decoded. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A page, read as it stands. */
export interface PlainHtml {
  readonly tags: readonly Tag[];
  /** What stands between the tags, decoded. */
  readonly text: string;
}

const VOID = new Set(['meta', 'link', 'input', 'img', 'br', 'hr']);
/** In the order in which they are tried. Everything is in double quotes, and no `<`, `>` or `&` stands for itself. */
const PARTS = [
  /<!doctype html>/y,
  /<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>/y,
  /<\/([a-z][a-z0-9]*)>/y,
  /[^<>]+/y,
] as const;
const ATTRIBUTE = /([a-z-]+)(?:="([^"<>]*)")?/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/**
 * Reads a page of ours by a grammar so strict that every parser of browsers reads the same: text that breaks out of its place is an
 * error here, or an element or attribute that is seen.
 * @throws Error where the page is not plain
 */
export function readHtml(html: string): PlainHtml {
  const [tags, open, texts]: [Tag[], string[], string[]] = [[], [], []];
  for (let at = 0; at < html.length;) {
    const found = nextPart(html, at);
    const [doctype, opening, closing, text] = found;
    if (opening) {
      tags.push({ name: opening[1]!, attributes: attributesOf(opening[2]!) });
      if (!VOID.has(opening[1]!)) open.push(opening[1]!);
    } else if (closing) {
      if (open.pop() !== closing[1]) throw odd(html, at, 'closes what is not open');
    } else if (text) texts.push(decoded(text[0]));
    at += (doctype ?? opening ?? closing ?? text)![0].length;
  }
  if (open.length > 0) throw new Error(`the page leaves <${open.join('> <')}> open`);
  return { tags, text: texts.join('').replaceAll(/\s+/g, ' ').trim() };
}

function nextPart(html: string, at: number): (RegExpExecArray | null)[] {
  const found: (RegExpExecArray | null)[] = [null, null, null, null];
  const index = PARTS.findIndex((part, n) => {
    part.lastIndex = at;
    return (found[n] = part.exec(html)) !== null;
  });
  if (index < 0) throw odd(html, at, 'is no plain HTML');
  return found;
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (Object.hasOwn(attributes, name)) throw new Error(`the attribute ${name} comes twice: ${text}`);
    attributes[name] = decoded(value);
  }
  return attributes;
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:([a-z]+|#\d+);)?/g, (whole, entity: string | undefined) => {
    const code = entity?.startsWith('#') ? Number(entity.slice(1)) : undefined;
    const character = code === undefined ? ENTITIES[entity ?? ''] : String.fromCodePoint(code);
    if (character === undefined) throw new Error(`${whole} is no entity of ours: ${text}`);
    return character;
  });
}

const odd = (html: string, at: number, what: string): Error =>
  new Error(`${what}: …${html.slice(Math.max(0, at - 60), at)}⟨here⟩${html.slice(at, at + 120)}…`);
