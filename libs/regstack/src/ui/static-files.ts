import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../kernel/package-file';

/** A file that pages load, whole in memory: as text, because the adapter for Express answers with a buffer as JSON. */
export interface StaticFile {
  readonly body: string;
  readonly type: string;
}

/** Each with the parts that it is made of. */
const FILES = {
  'core.css': ['core.css', 'forms.css', 'lists.css', 'media.css'],
  'theme.css': ['theme.css'],
  'account.js': ['account.js'],
} as const;

/** The style sheets and the script of the pages. Read at boot. */
export class StaticFiles {
  private readonly files: ReadonlyMap<string, StaticFile> = new Map(
    Object.entries(FILES).map(([name, parts]) => [name, fileOf(name, parts)]),
  );

  /** Stands in the URLs of all of them, so that browsers may keep them for ever. */
  readonly version = createHash('sha256')
    .update([...this.files.values()].map(({ body }) => body).join(''))
    .digest('base64url')
    .slice(0, 12);

  /** The file of this name, or null. */
  find(name: string): StaticFile | null {
    return this.files.get(name) ?? null;
  }
}

function fileOf(name: string, parts: readonly string[]): StaticFile {
  const type = name.endsWith('.css') ? 'text/css' : 'text/javascript';
  const body = parts.map((part) => readFileSync(join(packageFile('src/ui/static'), part), 'utf8')).join('\n');
  return { body, type: `${type}; charset=utf-8` };
}
