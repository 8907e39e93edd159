import { printable } from '../printable';
import type { Terminal } from '../terminal';
import type { CheckResult, Status } from './finding';

/** Exit codes end at 255, and shells use those above 125. */
const MOST_FAILURES = 99;

const SIGNS: Readonly<Record<Status, string>> = { pass: 'ok  ', warn: 'warn', fail: 'FAIL', skip: 'skip' };

/** Ends a command that has checked something: tells the results, for people or as JSON, and sets the exit code to the number of failures. */
export function tellResults(terminal: Terminal, results: readonly CheckResult[], isJson = false): void {
  const failures = failuresIn(results);
  if (isJson) terminal.sayJson({ failures, results });
  else for (const line of reportOf(results)) terminal.say(line);
  process.exitCode = Math.min(failures, MOST_FAILURES);
}

/** A line for each result, the cure under what is wrong, and a sum. */
export function reportOf(results: readonly CheckResult[]): string[] {
  const width = Math.max(...results.map(({ check }) => check.length));
  const lines = results.flatMap(({ check, status, message, cure }) => {
    const line = `${SIGNS[status]}  ${check.padEnd(width)}  ${printable(message)}`;
    return cure === undefined ? [line] : [line, `${' '.repeat(width + 8)}→ ${printable(cure)}`];
  });
  return [...lines, '', sumOf(results)];
}

/** How many checks found something wrong, or several things each. */
function failuresIn(results: readonly CheckResult[]): number {
  return results.filter(({ status }) => status === 'fail').length;
}

function sumOf(results: readonly CheckResult[]): string {
  const count = (status: Status): number => results.filter((one) => one.status === status).length;
  return `${count('fail')} failed, ${count('warn')} to look at, ${count('pass')} passed, ${count('skip')} skipped`;
}
