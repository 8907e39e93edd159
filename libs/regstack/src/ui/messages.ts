import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BootError } from '../kernel/boot.error';

/** The language of the pages, as a BCP 47 tag: the folder that its texts are in. */
export const LANGUAGE = 'en';

/** What is put into a text, by name. */
export type TextValues = Readonly<Record<string, string | number>>;

/**
 * All texts of the pages, by key: the name of the file and the key in it, `login.title`. A directory of `extra_template_dirs` that has
 * a file `messages/en/login.json` replaces single texts of ours.
 */
export class Messages {
  private readonly texts: ReadonlyMap<string, string>;

  /** @param directories that of ours last; the first that has a text wins */
  constructor(directories: readonly string[]) {
    this.texts = new Map(directories.toReversed().flatMap(textsIn));
  }

  /** The text, or null where there is none: for texts of codes and fields that need not have one. */
  find(key: string, values: TextValues = {}): string | null {
    return (
      this.texts.get(key)?.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '')) ?? null
    );
  }

  /** @throws Error for a key that there is no text of */
  get(key: string, values: TextValues = {}): string {
    const text = this.find(key, values);
    if (text === null) throw new Error(`the pages have no text ${key}`);
    return text;
  }

  /** The keys that there are. */
  get keys(): readonly string[] {
    return [...this.texts.keys()];
  }
}

function textsIn(directory: string): readonly (readonly [string, string])[] {
  const folder = join(directory, 'messages', LANGUAGE);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) => textsOf(join(folder, name)));
}

function textsOf(file: string): readonly (readonly [string, string])[] {
  const texts = readJson(file);
  const isFlat = typeof texts === 'object' && texts !== null && !Array.isArray(texts);
  if (!isFlat || !Object.values(texts).every((text) => typeof text === 'string'))
    throw new BootError(`${file}: must be an object of texts`);
  return Object.entries(texts as Readonly<Record<string, string>>).map(
    ([key, text]) => [`${basename(file, '.json')}.${key}`, text] as const,
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new BootError(`${file}: cannot be read as JSON`);
  }
}
