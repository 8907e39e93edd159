/** A bare or quoted key, dotted or not (TOML 1.0, "Keys"). */
const KEY = String.raw`(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*`;
const HEADER = new RegExp(String.raw`^\s*\[+\s*(${KEY})\s*\]`);
const VALUE = new RegExp(String.raw`^\s*(${KEY})\s*=`);

/**
 * The line, from 1, on which valid TOML text gives a key its value, or the table that holds it; null when it is not found. For
 * messages only: the parser does not say. A multi-line string that looks like TOML can mislead it.
 */
export function lineOf(text: string, path: readonly string[]): number | null {
  let table: readonly string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const header = HEADER.exec(line)?.[1];
    if (header !== undefined) table = partsOf(header);
    const key = header === undefined ? VALUE.exec(line)?.[1] : undefined;
    const here = key === undefined ? table : [...table, ...partsOf(key)];
    // A shorter key that begins the path is an inline table; a header counts only when it is the path itself.
    const isPrefix = here.length > 0 && here.every((part, i) => part === path[i]);
    if (isPrefix && (key !== undefined || (header !== undefined && here.length === path.length)))
      return index + 1;
  }
  return null;
}

function partsOf(key: string): string[] {
  return (key.match(/[A-Za-z0-9_-]+|"[^"]*"|'[^']*'/g) ?? []).map((part) =>
    part.replace(/^(["'])(.*)\1$/, '$2'),
  );
}
