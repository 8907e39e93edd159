import { join } from 'node:path';

/** Absolute path of a file that ships with the package, from its root: the same whether this runs from `src` or from `dist`. */
export function packageFile(path: string): string {
  return join(__dirname, '..', '..', path);
}
