import { type Draft, each, type Means, type Trick, utf8 } from '../draft';

/** Methods that routes do not have; some of them no server knows. */
const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'MKCOL',
  'LOCK',
  'SEARCH',
  'PURGE',
  'QUERY',
  'M-SEARCH',
  'REPORT',
];
/** What no parser takes for a method of a request to a path. */
const NO_METHODS = ['CONNECT', 'get', 'Post', 'FOO', 'G ET', '', 'POST\0', '__proto__', 'A'.repeat(3000)];

/** Other spellings of the path; the router may find the route or not. */
const PATHS: Readonly<Record<string, (path: string) => string>> = {
  'slash in front': (path) => `/${path}`,
  'slashes inside': (path) => path.replaceAll('/', '//'),
  'slash behind': (path) => `${path}/`,
  'slashes behind': (path) => `${path}////`,
  'one letter escaped': (path) =>
    path.replace(/[a-z]/, (letter) => `%${letter.codePointAt(0)!.toString(16)}`),
  'last letter escaped': (path) => path.replace(/.$/, (letter) => `%${letter.codePointAt(0)!.toString(16)}`),
  'escaped twice': (path) => path.replace(/[a-z]/, (letter) => `%25${letter.codePointAt(0)!.toString(16)}`),
  'escaped slash': (path) => path.replaceAll('/', '%2f').replace('%2f', '/'),
  parameter: (path) => `${path};x=y`,
  'parameter inside': (path) => path.replace('/', '/;a=b/'),
  'escaped up': (path) => `${path}/..%2f${path.split('/').at(-1)}`,
  up: (path) => `${path}/../${path.split('/').at(-1)}`,
  'up from the root': (path) => `/../../..${path}`,
  'escaped dots': (path) => `/%2e%2e${path}`,
  here: (path) => `/.${path}/.`,
  'escaped NUL': (path) => `${path}%00`,
  'escaped line break': (path) => `${path}%0d%0aX-Injected:%20yes`,
  percent: (path) => `${path}%`,
  'percent inside': (path) => path.replace('/', '/%/'),
  'bad escape': (path) => `${path}%zz`,
  'invalid UTF-8': (path) => `${path}%C3%28`,
  'overlong slash': (path) => path.replace('/', '/%C0%AF'),
  capitals: (path) => path.toUpperCase(),
  'one capital': (path) => path.replace(/[a-z]/, (letter) => letter.toUpperCase()),
  backslashes: (path) => path.replaceAll('/', '\\'),
  'backslash inside': (path) => path.replace(/(.)\//, '$1\\'),
  fragment: (path) => `${path}#x`,
  absolute: (path) => `http://example.org${path}`,
  'absolute with a user': (path) => `http://a:b@example.org${path}`,
  'another scheme': (path) => `file://${path}`,
  asterisk: () => '*',
  'full-width slash': (path) => path.replaceAll('/', '%EF%BC%8F').replace('%EF%BC%8F', '/'),
  'long segment': (path) => `${path}/${'a'.repeat(9000)}`,
  'many segments': (path) => `${path}${'/a'.repeat(4000)}`,
  'the prototype': (path) => `${path}/__proto__`,
  'format suffix': (path) => `${path}.json`,
};
/** What is no path at all, and bytes that must not stand in a target. */
const RAW_PATHS: Readonly<Record<string, (path: string) => string>> = {
  'only a fragment': () => '#',
  'no slash': (path) => path.slice(1),
  authority: () => 'example.org:80',
  'raw blank': (path) => `${path} x`,
  'raw tab': (path) => `${path}\tx`,
  'raw NUL': (path) => `${path}\0`,
  'raw UTF-8': (path) => utf8(`${path}/\u00e4\u20ac`),
  'raw bytes': (path) => `${path}\u00ff\u00fe`,
  empty: () => '',
};

/** Query strings, where a canary may stand: the route is found, so the framework has no reason to show the URL. */
const QUERIES: Readonly<Record<string, (name: string, canary: string) => string>> = {
  canary: (name, canary) => `${name}=${canary}`,
  twice: (name, canary) => `${name}=a&${name}=${canary}`,
  'a[b]=c': (name, canary) => `${name}[b]=${canary}&${name}[]=1&${name}[$ne]=1`,
  'the prototype': (_, canary) => `__proto__=${canary}&__proto__[x]=${canary}&constructor[prototype][x]=1`,
  'toString and others': (_, canary) => `toString=${canary}&hasOwnProperty=1&length=9&then=1`,
  'no value': (name) => `${name}&${name}&=`,
  'bad escapes': (name, canary) => `${name}=%&${name}=%zz${canary}&%=1&%C3%28=%C3%28`,
  'escaped NUL': (name, canary) => `${name}=%00${canary}`,
  'line break': (name, canary) => `${name}=%0d%0aX-Injected:%20${canary}`,
  'question marks': (name, canary) => `?${name}=${canary}?x`,
  '4000 parameters': () => 'a&'.repeat(4000),
  '1500 parameters': () => Array.from({ length: 1500 }, (_, n) => `${n}=1`).join('&'),
  'a deep path': () => `a${'[b]'.repeat(2500)}=1`,
  'a long value': (name, canary) => `${name}=${canary}${'a'.repeat(9000)}`,
  _method: (_, canary) => `_method=DELETE&callback=${canary}&jsonp=x&format=xml`,
  'a look-alike token': (name, canary) => `${name}=${canary.padEnd(43, '.')}`,
  'an array of tokens': (name) => `${name}=${'a'.repeat(43)}&${name}=${'b'.repeat(43)}`,
};

const elsewhere = (draft: Draft): void => {
  draft.isRouted = false;
};

const noRequest = (draft: Draft): void =>
  void Object.assign(draft, { isRouted: false, isDue: false, isCut: true });

/**
 * Another spelling with a body that our gate refuses: where the router finds the route all the same, the gate must have been
 * passed. The framework decodes paths, and the gate must not be the one who does not.
 */
export const GATE_TRICKS: readonly Trick[] = each('gate', 'fields', PATHS, (draft, change) => {
  elsewhere(draft);
  draft.path = change(draft.path);
  draft.entries.push(...draft.entries.slice(0, 1));
});

/** Tricks on the first line of the request. */
export const TARGET_TRICKS: readonly Trick[] = [
  ...each('method', 'head', Object.fromEntries(METHODS.map((one) => [one, one])), (draft, method) => {
    if (method !== draft.route.method) elsewhere(draft);
    draft.method = method;
  }),
  ...each(
    'no method',
    'head',
    Object.fromEntries(NO_METHODS.map((one) => [one.slice(0, 20), one])),
    (draft, method) => {
      noRequest(draft);
      draft.method = method;
    },
  ),
  ...each('path', 'head', PATHS, (draft, change) => {
    elsewhere(draft);
    draft.path = change(draft.path);
  }),
  ...each('path', 'head', RAW_PATHS, (draft, change) => {
    noRequest(draft);
    draft.path = change(draft.path);
  }),
  ...each('query', 'head', QUERIES, (draft, query, means) => {
    draft.query.push(query(nameIn(draft, means), means.canary));
  }),
];

/** Names of the body's fields are tried in the query as well, and what links carry. */
const nameIn = ({ route }: Draft, { dice }: Means): string =>
  dice.pick([...route.fields, ...route.takes, 'token', 'done', 'next', 'password']);
