import { type Draft, each, type Frame, type Trick } from '../draft';

const CRLF = '\r\n';
const MAX_CHUNKS = 3000;
const length = (value: string | number, body: Buffer): Frame => ({
  headers: [['Content-Length', String(value)]],
  body,
});
const chunked = (text: string | Buffer, coding = 'chunked'): Frame => ({
  headers: [['Transfer-Encoding', coding]],
  body: Buffer.from(text),
});

/** The body in chunks of this size, and no more of it than a few of them. */
function chunksOf(body: Buffer, size: number, extension = ''): Buffer {
  const parts: Buffer[] = [];
  const end = Math.min(body.length, size * MAX_CHUNKS);
  for (let at = 0; at < end; at += size) {
    const part = body.subarray(at, Math.min(at + size, end));
    parts.push(Buffer.from(`${part.length.toString(16)}${extension}${CRLF}`), part, Buffer.from(CRLF));
  }
  return Buffer.concat([...parts, Buffer.from(`0${CRLF}${CRLF}`)]);
}

const last = (text: string) => (body: Buffer) =>
  chunked(Buffer.concat([chunksOf(body, 1000).subarray(0, -4), Buffer.from(`0${CRLF}${text}${CRLF}`)]));

type Framing = (body: Buffer, canary: string) => Frame;

/** Unusual, and right: the answer is that of the route. */
const FINE: Readonly<Record<string, Framing>> = {
  chunked: (body) => chunked(chunksOf(body, 500)),
  'chunks of one byte': (body) => chunked(chunksOf(body, 1)),
  'chunk extensions': (body) => chunked(chunksOf(body, 500, ';name="value"')),
  trailers: (body, canary) => last(`X-Trailer: ${canary}${CRLF}__proto__: x${CRLF}`)(body),
  'coding in capitals': (body) => chunked(chunksOf(body, 500), 'Chunked'),
};

/** Wrong in itself: the server may refuse it in its own words, or just close. */
const WRONG: Readonly<Record<string, Framing>> = {
  'length too short': (body) => length(Math.floor(body.length / 2), body),
  'length zero': (body) => length(0, body),
  'length negative': (body) => length(-1, body),
  'length no number': (body, canary) => length(canary, body),
  'length in hexadecimal': (body) => length(`0x${body.length.toString(16)}`, body),
  'length with a plus': (body) => length(`+${body.length}`, body),
  'length beyond 2^64': (body) => length('99999999999999999999999', body),
  'length as a list': (body) => length(`${body.length}, ${body.length}`, body),
  'length empty': (body) => length('', body),
  'two lengths': (body) => ({
    headers: [
      ['Content-Length', String(body.length)],
      ['Content-Length', '3'],
    ],
    body,
  }),
  'length and chunks': (body) => ({
    headers: [
      ['Content-Length', '4'],
      ['Transfer-Encoding', 'chunked'],
    ],
    body: chunksOf(body, 100),
  }),
  'no length': (body) => ({ headers: [], body }),
  'chunk size no number': (body) => chunked(`zz${CRLF}${body.toString()}${CRLF}0${CRLF}${CRLF}`),
  'chunk size negative': (body) => chunked(`-5${CRLF}${body.toString()}${CRLF}0${CRLF}${CRLF}`),
  'chunk size beyond 2^64': (body) => chunked(`FFFFFFFFFFFFFFFFFF${CRLF}${body.toString()}${CRLF}`),
  'chunk longer than it says': (body) => chunked(`3${CRLF}${body.toString()}${CRLF}0${CRLF}${CRLF}`),
  'chunk extension of 20 KB': (body) => chunked(chunksOf(body, 20_000, `;${'x'.repeat(20_000)}`)),
  'trailers of 20 KB': (body) => last(`X: ${'x'.repeat(20_000)}${CRLF}`)(body),
  'chunked, identity': (body) => chunked(chunksOf(body, 500), 'chunked, identity'),
  'gzip, chunked': (body) => chunked(chunksOf(body, 500), 'gzip, chunked'),
  'coding unknown': (body, canary) => chunked(chunksOf(body, 500), canary),
  'coding with a control': (body) => chunked(chunksOf(body, 500), '\u000bchunked'),
};

/** Less than was announced. */
const CUT: Readonly<Record<string, Framing>> = {
  'length too long': (body) => length(body.length + 50, body),
  'length of a gigabyte': (body) => length(1_000_000_000, body),
  'no last chunk': (body) => chunked(chunksOf(body, 500).subarray(0, -5)),
  'half a chunk': (body) => chunked(`ffff${CRLF}${body.toString()}`),
  'half a chunk size': (body) => chunked(`${chunksOf(body, 500).subarray(0, -5).toString()}f`),
  'no chunk': () => chunked(''),
};

const frameWith = (draft: Draft, framing: Framing, canary: string): void => {
  draft.frame = (body) => framing(body, canary);
};

/** Tricks with how a request is written. */
export const FRAME_TRICKS: readonly Trick[] = [
  ...each('frame', 'frame', FINE, (draft, framing, { canary }) => frameWith(draft, framing, canary)),
  ...each('frame', 'frame', WRONG, (draft, framing, { canary }) => {
    frameWith(draft, framing, canary);
    Object.assign(draft, { isRouted: false, isDue: false, isCut: true });
  }),
  ...each('frame', 'frame', CUT, (draft, framing, { canary }) => {
    frameWith(draft, framing, canary);
    Object.assign(draft, { isRouted: false, isDue: false, isCut: true });
  }),
];
