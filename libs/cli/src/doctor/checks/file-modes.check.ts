import { statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Check, Subject } from '../check';
import { sqliteFile } from '../sqlite-file';
import { fail, pass, skip } from '../../findings/finding';
import { shellPath } from '../../shell-path';

/** Group and others, read, write or execute. */
const NOT_THE_OWNER = 0o077;

/** Files with secrets, and with hashes of passwords, are their owner's alone. */
export const fileModes: Check = {
  name: 'file-modes',
  run(subject) {
    if (process.platform === 'win32') return skip('there are no such modes on Windows');
    const files = [subject.files.secrets, databaseFile(subject)].filter((file) => file !== null);
    const open = files.filter(isOpen);
    if (open.length === 0) {
      const names = files.map((file) => basename(file)).join(', ');
      return files.length === 0 ? skip('there is no file to look at') : pass(`${names}: the owner's alone`);
    }
    return open.map((file) =>
      fail(
        `${basename(file)} can be read or written by other users of this machine`,
        `run: chmod 600 ${shellPath(file)}`,
      ),
    );
  },
};

function isOpen(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true && (stats.mode & NOT_THE_OWNER) !== 0;
}

function databaseFile({ config }: Subject): string | null {
  const file = sqliteFile(config);
  return file === null ? null : resolve(file);
}
