import { connect } from 'node:net';

/** Sends these bytes as the head of a request, which no client would, and answers what comes back until the server hangs up. */
export function sendHead(url: string, lines: readonly string[]): Promise<string> {
  const { port, hostname } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(Buffer.from([...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1'));
    });
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => (answer += part));
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
  });
}
