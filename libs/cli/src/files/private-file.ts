import { closeSync, fsyncSync, mkdtempSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Mode of a file with secrets: its owner alone. */
export const PRIVATE = 0o600;

/**
 * Replaces a file that holds secrets, or makes it: all of the text or nothing, on disk when it returns, and never readable by others.
 * @throws Error of the file system with its `code`; the file is as it was
 */
export function writePrivately(file: string, text: string): void {
  const draft = draftFolder(dirname(file));
  try {
    const written = join(draft, basename(file));
    writeNew(written, text, PRIVATE);
    renameSync(written, file);
    syncFolder(dirname(file));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * A new folder below this one for drafts of its files, which their owner alone may enter. A draft has the name of the file there: what
 * tells git to ignore the file is true of one that a killed process leaves.
 */
export function draftFolder(folder: string): string {
  return mkdtempSync(join(folder, '.regstack-draft-'));
}

/** Makes a file that is not there yet, with this mode from its first byte, and waits until its text is on disk. */
export function writeNew(file: string, text: string, mode: number): void {
  const handle = openSync(file, 'wx', mode);
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Waits until the names in a folder are on disk, where the system can do that. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
