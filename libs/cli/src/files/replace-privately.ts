import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { Refusal } from '../refusal';
import { writePrivately } from './private-file';

/**
 * Replaces the text of a file with secrets, whose text is still the one that somebody has read. Of several that change it at once one does; a
 * process that is killed leaves the one text or the other.
 *
 * @throws Refusal where the text is another one by now, somebody else is at it, or the file belongs to another user, who could not read it
 *   any more
 */
export function replacePrivately(file: string, expected: string, text: string): void {
  checkOwner(file);
  const lock = `${file}.lock`;
  take(lock, file);
  try {
    if (readFileSync(file, 'utf8') !== expected) {
      throw new Refusal(
        `${file} was changed by somebody else meanwhile, and nothing was written; run this again`,
      );
    }
    writePrivately(file, text);
  } finally {
    rmSync(lock, { force: true });
  }
}

function checkOwner(file: string): void {
  const uid = process.getuid?.();
  if (uid === undefined || uid === statSync(file).uid) return;
  throw new Refusal(
    `${file} belongs to another user; run this as that one, or the app could not read it any more`,
  );
}

function take(lock: string, file: string): void {
  try {
    const handle = openSync(lock, 'wx', 0o600);
    writeSync(handle, `${process.pid}\n`);
    closeSync(handle);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Refusal(
      `another command is writing ${file}; wait for it. Where none is, one was killed: it left ${lock}, which can be removed`,
    );
  }
}
