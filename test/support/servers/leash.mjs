import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * Keeps a database server on a leash: this process obeys the orders on its standard input (`freeze`, `thaw`, `stop`), answers each with
 * `done`, and ends when the server does. When the input ends, whoever started it is gone, however it went (the end of a run, a crash,
 * Ctrl-C, SIGKILL): the server is ended and its data folder removed.
 *
 * @param {{ pid: number, exited: Promise<unknown>, endBy: NodeJS.Signals, folder: string }} server
 */
export function obey({ pid, exited, endBy, folder }) {
  const end = async () => {
    const left = descendantsOf(pid);
    signal(endBy, [pid]);
    // A frozen process hears it now.
    signal('SIGCONT', [...left, pid]);
    const timer = setTimeout(() => signal('SIGKILL', [pid, ...left]), PATIENCE_MS);
    await exited;
    clearTimeout(timer);
  };
  const orders = {
    // The parent first: it would start others.
    freeze: () => [[pid], descendantsOf(pid)].forEach((pids) => signal('SIGSTOP', pids)),
    thaw: () => signal('SIGCONT', [...descendantsOf(pid), pid]),
    stop: end,
  };
  const input = createInterface({ input: process.stdin });
  let isEnding = false;
  const follow = async (order) => {
    isEnding ||= order === 'stop';
    await orders[order]();
    answer('done');
    if (isEnding) process.exit(0);
  };
  const abandoned = async () => {
    if (isEnding) return;
    isEnding = true;
    await end();
    rmSync(folder, { recursive: true, force: true });
    process.exit(0);
  };
  input.on('line', (order) => void follow(order));
  input.on('close', () => void abandoned());
  void exited.then(() => isEnding || process.exit(1));
}

/** One line to whoever started this process. */
export const answer = (line) => process.stdout.write(`${line}\n`);

/** How long a server may take to end before it is killed. */
const PATIENCE_MS = 5000;

function signal(name, pids) {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended already.
    }
  }
}

function descendantsOf(pid, parents = parentsOfAll()) {
  const children = parents.filter(([, parent]) => parent === pid).map(([child]) => child);
  return children.flatMap((child) => [child, ...descendantsOf(child, parents)]);
}

/** Pairs of process and parent. */
function parentsOfAll() {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=']).toString().trim().split('\n');
    return lines.map((line) => line.trim().split(/\s+/).map(Number));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)]);
}

function parentOf(pid) {
  try {
    // After the name, which may hold anything and ends with the last bracket: state, parent.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1).trim().split(' ')[1]);
  } catch {
    return 0;
  }
}
