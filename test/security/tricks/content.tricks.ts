import { deflateSync, gzipSync } from 'node:zlib';
import { dropHeader, each, setHeader, type Trick, utf8 } from '../draft';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  empty: '',
  JSONP: 'application/jsonp',
  'JSON in capitals': 'APPLICATION/JSON',
  text: 'text/plain',
  html: 'text/html',
  XML: 'application/xml',
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
  multipart: 'multipart/form-data; boundary=x',
  'multipart without a boundary': 'multipart/form-data',
  'problem+json': 'application/problem+json',
  'merge patch': 'application/merge-patch+json',
  any: '*/*',
  'no subtype': 'application/',
  'only a slash': '/',
  'two slashes': 'application//json',
  semicolons: 'application/json;;;;',
  'UTF-8': 'application/json; charset=utf-8',
  'UTF-16': 'application/json; charset=utf-16',
  'Latin-1': 'application/json; charset=iso-8859-1',
  'UTF-7': 'application/json; charset=utf-7',
  'no charset': 'application/json; charset',
  'empty charset': 'application/json; charset=',
  'open quote': 'application/json; charset="utf-8',
  'two charsets': 'application/json; charset=utf-8; charset=utf-16',
  list: 'application/json, text/plain',
  long: `application/json; x=${'a'.repeat(6000)}`,
  'many parameters': `application/json${';a=b'.repeat(2000)}`,
  'non-ASCII': utf8('application/j\u0161on'),
  Latin: 'application/json; charset=\u00fc',
  tab: 'application/json\t;\tcharset=utf-8',
  'the prototype': '__proto__',
  constructor: 'constructor',
  CBOR: 'application/cbor',
  protobuf: 'application/x-protobuf',
};

/** Encodings and what is made of the body. */
const ENCODINGS: Readonly<Record<string, readonly [string, (body: Buffer) => Buffer]>> = {
  gzip: ['gzip', (body) => gzipSync(body)],
  'gzip that is none': ['gzip', (body) => body],
  'gzip cut': ['gzip', (body) => gzipSync(body).subarray(0, -6)],
  'gzip bomb': ['gzip', () => BOMB],
  'gzip twice': ['gzip, gzip', (body) => gzipSync(gzipSync(body))],
  deflate: ['deflate', (body) => deflateSync(body)],
  'deflate that is none': ['deflate', (body) => body],
  br: ['br', (body) => body],
  zstd: ['zstd', (body) => body],
  identity: ['identity', (body) => body],
  unknown: ['x-unknown', (body) => body],
  empty: ['', (body) => body],
  'gzip of nothing': ['gzip', () => Buffer.alloc(0)],
  'unknown, of nothing': ['x-unknown', () => Buffer.alloc(0)],
  list: [`gzip${',gzip'.repeat(500)}`, (body) => body],
};
const BOMB = gzipSync(Buffer.alloc(15_000_000, 32));

/** Tricks with the headers that say what the body is. */
export const CONTENT_TRICKS: readonly Trick[] = [
  ...each('content type', 'head', MEDIA_TYPES, (draft, type) => setHeader(draft, 'Content-Type', type)),
  { name: 'content type: none', stage: 'head', play: (draft) => dropHeader(draft, 'Content-Type') },
  {
    name: 'content type: twice',
    stage: 'head',
    play: (draft) => void draft.headers.push(['Content-Type', 'text/plain']),
  },
  ...each('content encoding', 'document', ENCODINGS, (draft, [encoding, change]) => {
    setHeader(draft, 'Content-Encoding', encoding);
    draft.body = change(draft.body);
  }),
];
