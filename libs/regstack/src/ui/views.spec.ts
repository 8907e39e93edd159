import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ERROR_DETAILS } from '../kernel/errors';

/** Files below a directory, as text by their path. */
function read(directory: string, extension: string): Readonly<Record<string, string>> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith(extension)).toSorted();
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

/** The texts as they stand in their files, by key. */
const TEXTS = Object.fromEntries(
  Object.entries(read(join(__dirname, 'messages', 'en'), '.json')).flatMap(([file, json]) =>
    Object.entries(JSON.parse(json) as Record<string, string>).map(
      ([key, text]) => [`${basename(file, '.json')}.${key}`, text] as const,
    ),
  ),
);

const keysOf = (file: string): string[] =>
  Object.keys(TEXTS).flatMap((key) => (key.startsWith(`${file}.`) ? key.slice(file.length + 1) : []));

const VIEWS = read(join(__dirname, 'views'), '.liquid');
const ALL_VIEWS = Object.values(VIEWS).join('\n');
const PAGES = Object.values(read(join(__dirname, '..', 'features'), '.pages.ts')).join('\n');

/** `'login.title' | t: name: value, other: 'text'` in a view: the key, and the names. */
function askedIn(view: string): readonly { readonly key: string; readonly names: readonly string[] }[] {
  const asked = view.matchAll(/'([\w-]+\.[\w.-]+)' \| t\b((?:[:,] \w+: (?:'[^']*'|[\w.]+))*)/g);
  return [...asked].map(([, key, values]) => ({
    key: key!,
    names: [...values!.matchAll(/[:,] (\w+):/g)].map(([, name]) => name!).toSorted(),
  }));
}

/** What `?done=` says, wherever a page or a view says it. */
function doneKeys(): readonly string[] {
  const written = PAGES.replaceAll('${factor}_removed', 'totp_removed done=sms_removed');
  const inUrls = `${written}\n${ALL_VIEWS.replace(/\{%-? comment[\s\S]*?endcomment/g, '')}`.matchAll(
    /\bdone=(\w+)/g,
  );
  const inQueries = PAGES.matchAll(/\bdone: '(\w+)'/g);
  const inCalls = PAGES.matchAll(
    /(?:nextQuery|change|press|signIns\.end)\((?:[^()]|\{[^}]*\})*?'([a-z_]+)'/g,
  );
  return [...new Set([...inUrls, ...inQueries, ...inCalls].map(([, key]) => key!))].toSorted();
}

describe('the views and the texts of ours', () => {
  it.each(Object.entries(VIEWS))(
    '%s asks for texts that there are, with what is put into them',
    (_, view) => {
      const wrong = askedIn(view).filter(({ key, names }) => {
        const wanted = [...(TEXTS[key] ?? '{no such text}').matchAll(/\{([^}]+)\}/g)].map(
          ([, name]) => name!,
        );
        return wanted.toSorted().join() !== names.join();
      });
      expect(wrong).toEqual([]);
      // Nothing that the expression above does not understand.
      expect(askedIn(view)).toHaveLength([...view.matchAll(/\| t\b/g)].length);
    },
  );

  it('every text is asked for by a view, or found by a name', () => {
    const asked = new Set(Object.values(VIEWS).flatMap((view) => askedIn(view).map(({ key }) => key)));
    const isFound = (key: string): boolean => /^(done|errors|fields)\./.test(key);
    expect(Object.keys(TEXTS).filter((key) => !asked.has(key) && !isFound(key))).toEqual([]);
  });

  it('`done.…`: what pages lead to has a text, and every text is led to', () => {
    expect(keysOf('done').toSorted()).toEqual(doneKeys());
  });

  it('`errors.…`: codes that there are', () => {
    expect(keysOf('errors').filter((code) => !(code in ERROR_DETAILS))).toEqual([]);
  });

  it('`fields.…`: names of fields on pages, codes that there are, rules of such a field', () => {
    const fields = new Set([...ALL_VIEWS.matchAll(/\bname(?:: '|=")(\w+)/g)].map(([, name]) => name!));
    const asked = new Set(askedIn(ALL_VIEWS).map(({ key }) => key));
    const isKnown = (key: string): boolean =>
      key in ERROR_DETAILS ||
      fields.has(key.replace('invalid.', '')) ||
      asked.has(`fields.${key}`) ||
      ['required', 'rule', 'invalid.cursor'].includes(key);
    expect(keysOf('fields').filter((key) => !isKnown(key))).toEqual([]);
  });

  it('every field that may be wrong has a name for the summary above its form', () => {
    const rendered = ALL_VIEWS.matchAll(/render 'field', name: '(\w+)'/g);
    const unnamed = [...rendered].flatMap(([, name]) => (keysOf('fields').includes(name!) ? [] : name!));
    expect(unnamed).toEqual([]);
  });

  it('texts are plain: no markup, no exclamation mark, no blank at an end', () => {
    const odd = Object.entries(TEXTS).filter(([, text]) => /[<>!]|^\s|\s$|^$/.test(text));
    expect(odd).toEqual([]);
  });
});
