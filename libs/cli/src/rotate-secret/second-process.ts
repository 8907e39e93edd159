import { spawnSync } from 'node:child_process';
import { Refusal } from '../refusal';

/**
 * Runs this command line anew with other arguments, in front of the same terminal: a module that was loaded has read its configuration, and
 * reads it no second time.
 * @throws Refusal with its exit code where it does not end well; it has told why
 */
export function runAnew(args: readonly string[], whenItFails: string): void {
  const [command] = process.argv.slice(1, 2) as [string];
  const { status } = spawnSync(process.execPath, [...process.execArgv, command, ...args], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Refusal(whenItFails, status ?? undefined);
}
