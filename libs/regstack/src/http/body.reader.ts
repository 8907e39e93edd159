import type { IncomingMessage } from 'node:http';
import { AccountError } from '../kernel/errors';
import { parseForm } from './form-body';
import { parseStrictJson } from './strict-json';

/** Largest body on our routes, bytes. */
const MAX_BODY = 16 * 1024;

/** How much of a larger one is read on after the answer, before the connection is cut, bytes. */
const MAX_DRAINED = 64 * 1024 * 1024;

/** A client that has not sent its body by then is not going to, ms. */
const BODY_MS = 10_000;

const WITHOUT_BODY = ['GET', 'HEAD', 'OPTIONS'];

/** How the bodies under one of our prefixes are read. */
export interface BodyRule {
  readonly mediaType: string;
  readonly parse: (bytes: Uint8Array) => unknown;
}

/** Bodies of the JSON routes. */
export const JSON_BODY: BodyRule = { mediaType: 'application/json', parse: parseStrictJson };
/** Bodies of the pages' forms. */
export const FORM_BODY: BodyRule = { mediaType: 'application/x-www-form-urlencoded', parse: parseForm };

/**
 * The parsed body; undefined for a method that has none, whose bytes are read past without a look.
 * @throws AccountError `request.*`, whatever went wrong: a client that goes away in the middle is no defect of ours
 */
export async function readBody(request: IncomingMessage, rule: BodyRule): Promise<unknown> {
  const { 'transfer-encoding': encoding, 'content-length': length } = request.headers;
  const isAnnounced = encoding !== undefined || length !== undefined;
  if (WITHOUT_BODY.includes(request.method!)) {
    // One of no bytes is read too: a parser behind us would go by its announcement.
    if (isAnnounced) await bytesOf(request);
    return undefined;
  }
  if (isAnnounced && length !== '0') checkType(request, rule);
  const bytes = await bytesOf(request);
  // HTTP/2 may send a body without announcing it.
  if (!isAnnounced && bytes.length > 0) checkType(request, rule);
  return rule.parse(bytes);
}

/**
 * The whole body. One that is too large is refused as soon as that is known, and read on without being kept: a client in the middle of
 * sending would not hear the answer otherwise.
 */
function bytesOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const refuse = (code: 'request.too_large' | 'request.malformed'): void => reject(new AccountError(code));
    let chunks: Buffer[] = [];
    let size = 0;
    let isTooLarge = false;
    const tooLarge = (): void => {
      isTooLarge = true;
      chunks = [];
      refuse('request.too_large');
    };
    const tooSlow = setTimeout(() => {
      if (isTooLarge) request.destroy();
      else refuse('request.malformed');
    }, BODY_MS).unref();
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) tooLarge();
    request.on('data', (data: Buffer | string) => {
      // Text, when something of the host has set an encoding on the stream.
      const chunk = typeof data === 'string' ? Buffer.from(data, request.readableEncoding ?? 'utf8') : data;
      size += chunk.length;
      if (size > MAX_DRAINED) request.destroy();
      else if (!isTooLarge && size > MAX_BODY) tooLarge();
      else if (!isTooLarge) chunks.push(chunk);
    });
    request.once('end', () => {
      clearTimeout(tooSlow);
      resolve(Buffer.concat(chunks));
    });
    request.once('close', () => {
      clearTimeout(tooSlow);
      if (!request.readableEnded) refuse('request.malformed');
    });
    request.once('error', () => refuse('request.malformed'));
    request.resume();
  });
}

function checkType({ headers }: IncomingMessage, { mediaType }: BodyRule): void {
  const [type, ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const plain = headers['content-encoding'] === undefined || headers['content-encoding'] === 'identity';
  const utf8 = parameters.every(
    (parameter) => !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter),
  );
  if (type !== mediaType || !plain || !utf8) throw new AccountError('request.unsupported_media_type');
}
