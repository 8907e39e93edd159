import { spawn } from 'node:child_process';
import { answer, obey } from './leash.mjs';

// Runs a server that is one command, on a leash:  command.process.mjs FOLDER COMMAND ARGUMENTS…
const [folder, command, ...args] = process.argv.slice(2);
const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
let log = '';
for (const stream of [server.stdout, server.stderr])
  stream.on('data', (data) => (log = (log + data).slice(-4000)));
server.once('error', ({ message }) => {
  process.stderr.write(message);
  process.exit(1);
});
const exited = new Promise((done) => server.once('exit', done)).then(() => process.stderr.write(log));
server.once('spawn', () => {
  // Every write that was acknowledged must outlive this.
  obey({ pid: server.pid, exited, endBy: 'SIGKILL', folder });
  answer('ready');
});
