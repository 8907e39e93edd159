import type { Readable } from 'node:stream';
import { Refusal } from '../refusal';

const LINE_BYTES_MAX = 8192;
const NEWLINE = 10;

/**
 * The first line of a stream, as it is but for the end of the line; the empty text where there is nothing. Reads no further.
 * @throws Refusal for a line that is not UTF-8, or longer than any password
 */
export async function readLine(stream: Readable): Promise<string> {
  let read: Buffer = Buffer.alloc(0);
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    read = Buffer.concat([read, chunk]);
    if (read.includes(NEWLINE) || read.length > LINE_BYTES_MAX) break;
  }
  const end = read.indexOf(NEWLINE);
  const line = end < 0 ? read : read.subarray(0, end);
  if (line.length > LINE_BYTES_MAX) throw new Refusal('the line on stdin is too long for a password');
  return decoded(line).replace(/\r$/, '');
}

function decoded(line: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    throw new Refusal('the line on stdin is not UTF-8');
  }
}
