import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ConfigProblem } from './config.error';

/** The text of a configuration file with the name that messages use, or why it cannot be read; null: there is none. */
export type FileText =
  { readonly name: string; readonly text: string } | { readonly problem: ConfigProblem } | null;

/** Reads a configuration file. Never throws. */
export function readText(file: string): FileText {
  const name = basename(file);
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const reason = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not UTF-8' : `cannot be read (${code})`;
    return { problem: { key: name, source: file, message: reason } };
  }
}
