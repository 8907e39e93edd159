import { relative } from 'node:path';

/** A path as it is typed in a shell in the working directory. */
export function shellPath(path: string): string {
  const near = relative('', path);
  const shown = near.startsWith('..') || near === '' ? path : near;
  return /^[\w./-]+$/.test(shown) && !shown.startsWith('-') ? shown : `'${shown.replaceAll("'", `'\\''`)}'`;
}
