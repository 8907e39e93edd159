import { each, type Trick } from '../draft';

const CRLF = '\r\n';

/** Unusual, and right: the answer is that of the route. */
const FINE: Readonly<Record<string, (head: string) => string>> = {
  'version 1.0': (head) => head.replace('HTTP/1.1', 'HTTP/1.0'),
  'empty lines first': (head) => CRLF.repeat(5) + head,
  'expects more': (head) => `${head}Expect: 100-continue${CRLF}`,
  'upgrade asked for': (head) => `${head}Connection: Upgrade${CRLF}Upgrade: websocket${CRLF}`,
  '8 KiB header': (head) => `${head}X-Long: ${'a'.repeat(8192)}${CRLF}`,
};

/** Heads that are none, or too large. */
const WRONG: Readonly<Record<string, (head: string, canary: string) => string>> = {
  '64 KiB header': (head, canary) => `${head}X-Long: ${canary}${'a'.repeat(65_536)}${CRLF}`,
  '64 KiB cookie': (head, canary) => `${head}Cookie: ${canary}${'a'.repeat(65_536)}${CRLF}`,
  '64 KiB authorization': (head, canary) =>
    `${head}Authorization: Bearer ${canary}${'a'.repeat(65_536)}${CRLF}`,
  '64 KiB name': (head) => `${head}${'a'.repeat(65_536)}: x${CRLF}`,
  '64 KiB target': (head) => head.replace(' /', ` /${'a'.repeat(65_536)}`),
  '10 000 query parameters': (head) => head.replace(/ HTTP/, `?${'a=1&'.repeat(10_000)} HTTP`),
  '3000 headers': (head) => head + `X: y${CRLF}`.repeat(3000),
  'no version': (head) => head.replace(/ HTTP\/1\.1/, ''),
  'version 0.9': (head) => head.replace('HTTP/1.1', 'HTTP/0.9'),
  'version 9.9': (head) => head.replace('HTTP/1.1', 'HTTP/9.9'),
  'HTTP/2 preface': (head) => `PRI * HTTP/2.0${CRLF}${CRLF}SM${CRLF}${CRLF}${head}`,
  'TLS hello': (head) => `\u0016\u0003\u0001\u0002\u0000\u0001${head}`,
  'no host': (head) => head.replace(/Host: [^\r]*\r\n/, ''),
  'two hosts': (head) => `${head}Host: other.example${CRLF}`,
  'folded header': (head, canary) => `${head}X-Folded: a${CRLF} ${canary}${CRLF}`,
  'no colon': (head, canary) => `${head}${canary}${CRLF}`,
  'no name': (head, canary) => `${head}: ${canary}${CRLF}`,
  'blank before the colon': (head, canary) => `${head}X-Blank : ${canary}${CRLF}`,
  'NUL in a header': (head, canary) => `${head}X-Nul: ${canary}\0${CRLF}`,
  'control in a header': (head, canary) => `${head}X-Control: ${canary}\u0001\u007f${CRLF}`,
  'bare line feeds': (head) => head.replaceAll(CRLF, '\n'),
  'bare carriage returns': (head) => head.replaceAll(CRLF, '\r'),
  'expects something else': (head, canary) => `${head}Expect: ${canary}${CRLF}`,
};

/** Tricks with the head as a whole. A wrong one the server may refuse in its own words, or just close. */
export const HEAD_TRICKS: readonly Trick[] = [
  ...each('head', 'frame', FINE, (draft, change) => {
    const { head: before } = draft;
    draft.head = (head) => change(before(head));
  }),
  ...each('head', 'frame', WRONG, (draft, change, { canary }) => {
    const { head: before } = draft;
    draft.head = (head) => change(before(head), canary);
    Object.assign(draft, { isRouted: false, isDue: false, isCut: true });
  }),
];
