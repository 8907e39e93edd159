import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { listen } from './serve';

/** How late each answer of the mail server is, ms. */
const DELAY_MS = 300;

/** A mail server that takes every mail, slowly. */
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  logger: false,
  onConnect: (_session, done) => later(done),
  onMailFrom: (_address, _session, done) => later(done),
  onRcptTo: (_address, _session, done) => later(done),
  onData: (stream, _session, done) => {
    stream.resume();
    stream.once('end', () => later(done));
  },
});
server.on('error', () => {});
server.listen(0, '127.0.0.1', () => listen({}, (server.server.address() as AddressInfo).port));

function later(done: () => void): void {
  setTimeout(done, DELAY_MS);
}
