/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Names in lower case; values of one name joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/**
 * Reads the first final answer of what has arrived; interim ones (1xx) are passed over.
 * @param toHead the request was a HEAD: its answer has no body
 * @param isEnd nothing more will come
 * @returns null while it is not complete; `used` counts the bytes that belong to it
 * @throws Error when it is no HTTP
 */
export function readAnswer(
  bytes: Buffer,
  { toHead, isEnd }: { readonly toHead: boolean; readonly isEnd: boolean },
): { readonly answer: WireAnswer; readonly used: number } | null {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) {
    if (isEnd && bytes.length > 0) throw new Error('an answer without an end of its head');
    return null;
  }
  const { status, headers } = headOf(bytes.subarray(0, end).toString('latin1'));
  const start = end + HEAD_END.length;
  if (status < 200) {
    const next = readAnswer(bytes.subarray(start), { toHead, isEnd });
    return next && { answer: next.answer, used: next.used + start };
  }
  const isEmpty = toHead || status === 204 || status === 304;
  const body = isEmpty ? { text: '', used: 0 } : bodyOf(bytes.subarray(start), headers, isEnd);
  return body && { answer: { status, headers, body: body.text }, used: start + body.used };
}

function headOf(text: string): { status: number; headers: Record<string, string> } {
  const [first = '', ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})( |$)/.exec(first)?.[1];
  if (status === undefined) throw new Error('an answer that is no HTTP');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([^\s:]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (name === undefined) throw new Error('a header of the answer that is none');
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value! : `${headers[key]}, ${value!}`;
  }
  return { status: Number(status), headers };
}

interface Body {
  readonly text: string;
  readonly used: number;
}

function bodyOf(bytes: Buffer, headers: Readonly<Record<string, string>>, isEnd: boolean): Body | null {
  if (headers['transfer-encoding'] === 'chunked') return chunkedBodyOf(bytes);
  const { 'content-length': length } = headers;
  if (length === undefined) return isEnd ? { text: bytes.toString(), used: bytes.length } : null;
  const used = Number(length);
  return bytes.length >= used ? { text: bytes.subarray(0, used).toString(), used } : null;
}

function chunkedBodyOf(bytes: Buffer): Body | null {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = Number.parseInt(bytes.subarray(at, line).toString('latin1'), 16);
    if (Number.isNaN(size)) throw new Error('a chunk of the answer without a size');
    const start = line + 2;
    if (bytes.length < start + size + 2) return null;
    parts.push(bytes.subarray(start, start + size));
    at = start + size + 2;
    if (size === 0) return { text: Buffer.concat(parts).toString(), used: at };
  }
}
