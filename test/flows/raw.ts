import { request } from 'node:http';
import type { Scene } from './scene';

/** What a request brings that `fetch` would not send as it is. */
export interface RawRequest {
  readonly method: string;
  /** Below the host. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
}

/** What comes back of it. */
export interface RawAnswer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of any shape
  readonly json: any;
}

/** Sends a request with these headers and no others. */
export function raw(scene: Scene, { method, path, headers, body }: RawRequest): Promise<RawAnswer> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    request(
      scene.stage.host.url + path,
      { method, headers: { ...type, ...headers }, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.once('end', () => {
          const json: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
          resolve({ status: response.statusCode!, json });
        });
      },
    )
      .once('error', reject)
      // As bytes: Node writes headers in the encoding of a body that is text.
      .end(body === undefined ? undefined : Buffer.from(JSON.stringify(body)));
  });
}
