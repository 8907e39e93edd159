import { request } from 'node:http';
import type { Host } from './host';

/** An answer as it came. */
export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of any shape
  readonly json: any;
}

/** One request without a body, with exactly these headers: `fetch` sets and refuses some that a browser would send. */
export function send(
  { url }: Host,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url + path, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        const json: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
        resolve({ status: answer.statusCode!, headers: answer.headers, json });
      });
    });
    outgoing.once('error', reject).end();
  });
}
