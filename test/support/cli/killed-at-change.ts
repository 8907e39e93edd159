import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import type { Installation } from './installation';
import { BIN } from './run-cli';

/** Runs the command in the folder of an app and kills it, with its children, at its `n`th change there; one that makes fewer ends by itself. */
export async function killedAtChange(
  { folder }: Installation,
  args: readonly string[],
  n: number,
): Promise<void> {
  const { PATH } = process.env;
  const child = spawn(BIN, args, { cwd: folder, env: { PATH }, stdio: 'ignore', detached: true });
  let changes = 0;
  const watcher = watch(folder, () => {
    if (++changes === n) process.kill(-child.pid!, 'SIGKILL');
  });
  try {
    await new Promise((done, reject) => {
      child.once('error', reject);
      child.once('close', done);
    });
  } finally {
    watcher.close();
  }
}
