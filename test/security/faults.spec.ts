import type { WireAnswer } from './answer';
import { baseRequest } from './base-request';
import { canaryOf, type Draft } from './draft';
import type { Route } from './discovery';
import { faultsOf } from './faults';
import type { Exchange } from './lane';
import { Random } from './random';
import { sampleWorld } from './sample-world';

const world = sampleWorld('test');
const login: Route = {
  method: 'POST',
  path: '/api/auth/login',
  kind: 'api',
  fields: ['password'],
  queries: [],
  takes: [],
};
const me: Route = { method: 'GET', path: '/api/auth/me', kind: 'api', fields: [], queries: [], takes: [] };

const problem = {
  status: 422,
  headers: { 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify({
    status: 422,
    code: 'request.invalid',
    title: 'x',
    detail: 'x',
    request_id: 'x',
    errors: [{ field: 'code', message: 'must be text' }],
  }),
};

/** The faults of an answer to a request that is as it should be, but for what is said. */
const faults = (
  answer: Partial<WireAnswer> | null,
  {
    draft = {},
    route = login,
    ...exchange
  }: { draft?: Partial<Draft>; route?: Route } & Partial<Exchange> = {},
): readonly string[] => {
  const whole = answer && { ...problem, ...answer };
  const base = baseRequest(route, { dice: new Random('test', 0), world, canary: canaryOf('test', 0) });
  const request = {
    n: 0,
    route,
    tricks: [],
    bytes: Buffer.alloc(0),
    draft: { ...base, credential: 'none', ...draft },
  };
  const received = Buffer.from(whole ? JSON.stringify(whole) : '');
  return faultsOf(request as never, { answer: whole, received, ms: 5, trouble: null, ...exchange }, world);
};

describe('G01: what a run takes for a fault', () => {
  it('nothing in a refusal as it should be', () => {
    expect(faults({})).toEqual([]);
  });

  it.each<[string, Partial<WireAnswer>, string]>([
    ['500', { status: 500 }, 'status 500'],
    ['503', { status: 503 }, 'status 503'],
    ['a password in the body', { body: `{"detail":"${canaryOf('test', 7)}"}` }, 'shows a canary'],
    ['it in another case', { body: canaryOf('test', 7).toUpperCase() }, 'shows a canary'],
    [
      'it in a header',
      { headers: { ...problem.headers, location: `/?${canaryOf('test', 7)}` } },
      'shows a canary',
    ],
    ['a path of the server', { body: '/app/node_modules/x/index.js' }, 'shows a stack trace'],
    [
      'plain JSON',
      { headers: { ...problem.headers, 'content-type': 'application/json' } },
      'content type application/json',
    ],
    ['a page', { headers: { ...problem.headers, 'content-type': 'text/html' } }, 'content type text/html'],
    ['half a problem', { body: '{"status":422}' }, 'a problem that is not whole'],
    ['another status', { body: problem.body.replace('422', '400') }, 'a problem that is not whole'],
    ['no JSON', { body: 'x' }, 'a problem that is no JSON'],
    ['no word on caching', { headers: { 'content-type': problem.headers['content-type'] } }, 'may be cached'],
    ['an injected header', { headers: { ...problem.headers, 'x-injected': 'yes' } }, 'a header was injected'],
  ])('%s', (_, answer, fault) => {
    expect(faults(answer)).toContain(fault);
  });

  it('nothing in what the framework quotes of a body, where no route of ours was found', () => {
    const body = JSON.stringify({ message: `Unexpected token, ${canaryOf('test', 7)} is not valid JSON` });
    const answer = { status: 400, headers: { 'content-type': 'application/json' }, body };
    expect(faults(answer, { draft: { isRouted: false } })).toEqual([]);
    expect(faults(answer)).toContain('shows a canary');
  });

  it('a secret beside the canary, and a refusal that names no field and no rule', () => {
    const body = problem.body.replace('must be text', 'AAAA-bbbb is none');
    expect(faults({ body }, { draft: { secrets: ['aaaa-bbbb'] } })).toEqual(['shows a secret']);
    const unnamed = [problem.body.replace('"field"', '"x"'), problem.body.replace(/\[.*\]/, '[]')];
    for (const one of unnamed)
      expect(faults({ body: one })).toEqual(['a refusal that names no field and no rule']);
  });

  it('only a token of a sign-in that waits is as good as a session', () => {
    const passed = { status: 200, headers: problem.headers };
    expect(faults(passed, { route: me, draft: { isWaiting: true } })).toEqual([]);
    expect(faults(passed, { route: me, draft: { isWaiting: false } })).toEqual(['passed without a session']);
  });

  it('a slow answer, none, and more than one', () => {
    expect(faults({}, { ms: 5001 })).toEqual(['took 5001 ms']);
    expect(faults(null, { trouble: 'reset' })).toEqual(['reset']);
    expect(faults({}, { trouble: 'more than one answer' })).toEqual(['more than one answer']);
  });

  it('a silent server, also where nothing was due', () => {
    expect(faults(null, { trouble: 'closed', draft: { isDue: false } })).toEqual([]);
    expect(faults(null, { trouble: 'silent', draft: { isDue: false } })).toEqual(['silent']);
  });

  it('a guarded route that opens without a session', () => {
    expect(faults({ status: 200 }, { route: me })).toEqual(['passed without a session']);
    expect(faults({ status: 200 }, { route: me, draft: { credential: 'valid' } })).toEqual([]);
  });

  it('a body that the gate refuses, wherever our code answers', () => {
    const draft = { isGated: true, isRouted: false };
    expect(faults({}, { draft })).toEqual(['came past the gate']);
    expect(faults({ status: 413, body: problem.body.replaceAll('422', '413') }, { draft })).toEqual([]);
    expect(faults({ status: 404, headers: { 'content-type': 'application/json' } }, { draft })).toEqual([]);
  });
});
