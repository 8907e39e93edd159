import { ADAPTER } from '../../support/adapter';
import type { Line } from './table';

/** A request line and the headers that are to mislead. */
export interface Target {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a router makes of a mutant: the route, nothing (404), the route where its path ends in a parameter, or that of GET. */
type Reach = 'route' | 'nothing' | 'parameter' | 'GET';

/** Another way to write the request of a line. */
export interface Mutant {
  readonly name: string;
  readonly change: (target: Target) => Target;
  readonly reach: Reach;
}

/** A path of which everybody may have an answer. */
const FREE = '/api/auth/health/live';

/** Such a path under the same prefix: bodies are read before the router looks. */
const freeBeside = (path: string): string => (/^\/account(\/|$)/.test(path) ? '/account/verify' : FREE);

const says = (headers: Target['headers']) => (target: Target) => ({ ...target, headers });
const goes = (to: (path: string) => string) => (target: Target) => ({ ...target, path: to(target.path) });
const by = (method: string) => (target: Target) => ({ ...target, method });
const beforeLast = (path: string, text: string): string => path.replace(/\/(?=[^/]*$)/, text);

/** The first letter of the last segment that is no parameter. */
const withLetter = (path: string, escape: (hex: string) => string): string =>
  path.replace(/\/([a-z])(?=[^/]*(\/[^a-z/][^/]*)?$)/, (_, letter: string) => {
    return `/${escape(letter.codePointAt(0)!.toString(16))}`;
  });

/**
 * What each router does, exactly. Express takes capitals for small letters and passes over one slash behind; it compares paths as they
 * are written. Fastify takes neither and compares what is decoded once. Neither goes up or ends a path at a semicolon, and to neither a
 * header is a method or a path. Both answer HEAD as GET.
 */
const MUTANTS: readonly (readonly [string, onExpress: Reach, onFastify: Reach, Mutant['change']])[] = [
  ['as it is', 'route', 'route', (target) => target],
  ['two slashes in front', 'nothing', 'nothing', goes((path) => `/${path}`)],
  ['two slashes inside', 'nothing', 'nothing', goes((path) => beforeLast(path, '//'))],
  ['capitals', 'route', 'nothing', goes((path) => path.toUpperCase())],
  ['a slash behind', 'route', 'nothing', goes((path) => `${path}/`)],
  ['a letter escaped', 'nothing', 'route', goes((path) => withLetter(path, (hex) => `%${hex}`))],
  ['a letter escaped twice', 'nothing', 'nothing', goes((path) => withLetter(path, (hex) => `%25${hex}`))],
  ['a path parameter', 'parameter', 'parameter', goes((path) => `${path};x`)],
  ['here', 'nothing', 'nothing', goes((path) => beforeLast(path, '/./'))],
  ['up, escaped', 'nothing', 'nothing', goes((path) => beforeLast(path, '/x/..%2f'))],
  ['up from a free path', 'nothing', 'nothing', goes((path) => `${freeBeside(path)}/../../../..${path}`)],
  [
    'up from a free path, escaped',
    'nothing',
    'nothing',
    goes((path) => `${freeBeside(path)}/..%2f..%2f..%2f..${path}`),
  ],
  ['an absolute target', 'route', 'route', goes((path) => `http://elsewhere.example${path}`)],
  ['HEAD', 'GET', 'GET', by('HEAD')],
  ['OPTIONS', 'nothing', 'nothing', by('OPTIONS')],
  ['TRACE', 'nothing', 'nothing', by('TRACE')],
  [
    'a header that says GET',
    'route',
    'route',
    says({ 'X-HTTP-Method-Override': 'GET', 'X-HTTP-Method': 'GET' }),
  ],
  [
    'the method in a header only',
    'nothing',
    'nothing',
    ({ method, path }) => ({ method: 'PUT', path, headers: { 'X-HTTP-Method-Override': method } }),
  ],
  [
    'a header that says a free path',
    'route',
    'route',
    says({ 'X-Original-URL': FREE, 'X-Rewrite-URL': FREE }),
  ],
  [
    'the path in a header only',
    'nothing',
    'nothing',
    ({ method, path }) => ({ method, path: '/nowhere', headers: { 'X-Original-URL': path } }),
  ],
];

/** Mutants with what this adapter makes of them; the first leaves the request as it is. */
export const ALL_MUTANTS: readonly Mutant[] = MUTANTS.map(([name, onExpress, onFastify, change]) => ({
  name,
  change,
  reach: ADAPTER === 'fastify' ? onFastify : onExpress,
}));

/** The request as it is. */
export const PLAIN = ALL_MUTANTS[0]!;

/** The line that a mutant of this one reaches, or null. */
export function reached(line: Line, { reach }: Mutant, lines: readonly Line[]): Line | null {
  if (reach === 'GET')
    return lines.find(({ method, path }) => method === 'GET' && path === line.path) ?? null;
  if (reach === 'parameter') return line.path.endsWith(':id') ? line : null;
  return reach === 'route' ? line : null;
}
