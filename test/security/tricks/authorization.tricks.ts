import { type Draft, each, type Means, setHeader, type Trick, utf8 } from '../draft';

const encode = (value: string): string => Buffer.from(value).toString('base64url');

/** The three parts of a live token, or of something that looks like one. */
function partsOf({ world, dice }: Means): [string, string, string] {
  const [head, body, signature] = dice.pick(world.people).token.split('.');
  return [head || encode('{"alg":"HS256"}'), body || encode('{"sub":"x"}'), signature || 'x'.repeat(43)];
}

const textOf = (part: string): string => Buffer.from(part, 'base64url').toString();

/** Tokens made out of a live one. None of them may open a door. */
const FORGERIES: Readonly<Record<string, (parts: [string, string, string], means: Means) => string>> = {
  'alg none': ([head, body]) => `${encode(textOf(head).replace(/"alg":"[^"]*"/, '"alg":"none"'))}.${body}.`,
  'alg None, signature kept': ([head, body, signature]) =>
    `${encode(textOf(head).replace(/"alg":"[^"]*"/, '"alg":"nOnE"'))}.${body}.${signature}`,
  'alg RS256': ([head, body, signature]) =>
    `${encode(textOf(head).replace(/"alg":"[^"]*"/, '"alg":"RS256"'))}.${body}.${signature}`,
  'alg HS512': ([head, body, signature]) =>
    `${encode(textOf(head).replace(/"alg":"[^"]*"/, '"alg":"HS512"'))}.${body}.${signature}`,
  'alg is an object': ([, body, signature]) =>
    `${encode('{"alg":{"x":1},"typ":"at+jwt"}')}.${body}.${signature}`,
  'head null': ([, body, signature]) => `${encode('null')}.${body}.${signature}`,
  'head array': ([, body, signature]) => `${encode('[]')}.${body}.${signature}`,
  'head no JSON': ([, body, signature]) => `${encode('{')}.${body}.${signature}`,
  'head deep': ([, body, signature]) => `${encode('['.repeat(4000))}.${body}.${signature}`,
  'head __proto__': ([, body, signature]) =>
    `${encode('{"__proto__":{"alg":"none"},"kid":"__proto__"}')}.${body}.${signature}`,
  'kid path': ([, body, signature], { canary }) =>
    `${encode(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid: `../../dev/null\0${canary}` }))}.${body}.${signature}`,
  'kid object': ([, body, signature]) =>
    `${encode('{"alg":"HS256","typ":"at+jwt","kid":{"$ne":null}}')}.${body}.${signature}`,
  'kid constructor': ([, body, signature]) =>
    `${encode('{"alg":"HS256","typ":"at+jwt","kid":"constructor"}')}.${body}.${signature}`,
  'critical extension': ([head, body, signature]) =>
    `${encode(textOf(head).replace('{', '{"crit":["exp"],'))}.${body}.${signature}`,
  'key in the head': ([head, body, signature]) =>
    `${encode(textOf(head).replace('{', '{"jwk":{"kty":"oct","k":"AA"},"jku":"http://127.0.0.1:1/",'))}.${body}.${signature}`,
  'another user': ([head, , signature], { canary }) =>
    `${head}.${encode(JSON.stringify({ sub: canary, jti: canary, purpose: 'session' }))}.${signature}`,
  'claims of odd types': ([head, , signature]) =>
    `${head}.${encode('{"sub":{"$gt":""},"jti":["a"],"exp":1e400,"auth_epoch":-0}')}.${signature}`,
  'claims null': ([head, , signature]) => `${head}.${encode('null')}.${signature}`,
  'claims deep': ([head, , signature]) => `${head}.${encode('{"a":'.repeat(1500))}.${signature}`,
  'claims no UTF-8': ([head, , signature]) =>
    `${head}.${Buffer.from([0xff, 0xfe, 0]).toString('base64url')}.${signature}`,
  'head and body swapped': ([head, body, signature]) => `${body}.${head}.${signature}`,
  'body and signature swapped': ([head, body, signature]) => `${head}.${signature}.${body}`,
  'no signature': ([head, body]) => `${head}.${body}.`,
  'two parts': ([head, body]) => `${head}.${body}`,
  'four parts': (parts) => [...parts, parts[2]].join('.'),
  'five parts (JWE)': ([head, body, signature]) => `${head}.${body}.${signature}.${body}.${signature}`,
  'signature of another length': ([head, body, signature]) => `${head}.${body}.${signature.slice(0, 20)}`,
  'signature changed': ([head, body, signature]) =>
    `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
  'signature padded': (parts) => `${parts.join('.')}====`,
  'only dots': () => '..',
  'many dots': () => '.'.repeat(5000),
  'standard base64': (parts) => `+/${parts.join('.').slice(2)}`,
};

/** Values of the header that are no bearer token. */
const JUNK: Readonly<Record<string, (canary: string) => string>> = {
  empty: () => '',
  'scheme only': () => 'Bearer',
  'scheme and blanks': () => `Bearer ${' '.repeat(3000)}`,
  canary: (canary) => `Bearer ${canary}`,
  'canary with blanks': (canary) => `Bearer ${canary} ${canary}`,
  'no scheme': (canary) => canary,
  Basic: (canary) => `Basic ${Buffer.from(`a@example.org:${canary}`).toString('base64')}`,
  'Basic in clear': (canary) => `Basic a@example.org:${canary}`,
  Digest: (canary) => `Digest username="a", response="${canary}"`,
  Negotiate: (canary) => `Negotiate ${canary}`,
  DPoP: (canary) => `DPoP ${canary}`,
  Token: (canary) => `Token token=${canary}`,
  AWS4: (canary) => `AWS4-HMAC-SHA256 Credential=${canary}/x`,
  'long token': (canary) => `Bearer ${canary}${'a'.repeat(8000)}`,
  'long scheme': (canary) => `${'B'.repeat(8000)} ${canary}`,
  'long token, bad end': () => `Bearer ${'a='.repeat(4000)}!`,
  commas: (canary) => `Bearer ${canary}, Bearer ${canary}`,
  quotes: (canary) => `Bearer "${canary}"`,
  tab: (canary) => `Bearer\t${canary}`,
  'non-ASCII': (canary) => utf8(`Bearer ${canary}\u00e4\u20ac\u{1f511}`),
  'Latin-1': (canary) => `Bearer ${canary}\u00e4\u00ff`,
  undefined: () => 'Bearer undefined',
  null: () => 'Bearer null',
};

const set = (draft: Draft, value: string): void => {
  setHeader(draft, 'Authorization', value);
  draft.credential = 'forged';
};

/** Tricks on who is calling. */
export const AUTHORIZATION_TRICKS: readonly Trick[] = [
  ...each('authorization', 'head', FORGERIES, (draft, forge, means) =>
    set(draft, `Bearer ${forge(partsOf(means), means)}`),
  ),
  ...each('authorization', 'head', JUNK, (draft, junk, { canary }) => set(draft, junk(canary))),
  {
    name: 'authorization: twice',
    stage: 'head',
    play: (draft, { canary }) => {
      set(draft, `Bearer ${canary}`);
      draft.headers.push(['Authorization', `Basic ${canary}`]);
    },
  },
  {
    name: 'authorization: in other places',
    stage: 'head',
    play: (draft, means) => {
      const token = partsOf(means).join('.');
      set(draft, `Bearer ${means.canary}`);
      draft.query.push(`access_token=${token}`, `authorization=${token}`);
      draft.headers.push(['Proxy-Authorization', `Bearer ${token}`], ['X-Authorization', `Bearer ${token}`]);
      draft.headers.push(['Cookie', `access_token=${token}; authorization=${token}`]);
    },
  },
];
