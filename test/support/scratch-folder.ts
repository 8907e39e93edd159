import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new, empty folder for data of a test. What a test leaves there is removed at the end of the run. */
export const scratchFolder = (name: string): string =>
  mkdtempSync(join(process.env['REGSTACK_TEST_FOLDER'] ?? tmpdir(), `${name}-`));
