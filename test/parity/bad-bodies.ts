import { fromOurPage } from './page.routes';
import { routesThatRead } from './routes';
import { type Line, loose, type Story } from './script';
import type { Body } from './step';

const json = (raw: string): Body => ({ raw, type: 'application/json' });
const form = (raw: string): Body => ({ raw, type: 'application/x-www-form-urlencoded' });

/** Bodies that no JSON route takes: malformed, too large, of another type. */
const MALFORMED_JSON: readonly Body[] = [
  json('{'),
  json('{"email":"a@example.org","email":"b@example.org"}'),
  json('{"__proto__":{}}'),
  json('['.repeat(17) + ']'.repeat(17)),
];
const LARGE_JSON = json(`{"email":"${'ä'.repeat(9000)}"}`);
const NO_JSON: readonly Body[] = [{ raw: '{}', type: 'text/plain' }, form('email=a%40example.org')];

/** Bodies that are JSON, but of no form that a route with fields takes. */
const MISSHAPEN_JSON: readonly Body[] = [
  json('{}'),
  json('[]'),
  json('null'),
  json('"text"'),
  json('{"constructor":1}'),
  json('{"email":{"$ne":null},"password":{"$gt":""},"token":["x"]}'),
  json(
    '{"email":1,"password":true,"token":null,"code":1,"mfa_pending_token":[],"pending_token":{},"phone_number":4915}',
  ),
  json('{"email":"a\\u0000@example.org","password":"\\u0000","token":"\\u0000"}'),
  json('{"email":"a\\ud800@example.org","password":"\\ud800","token":"\\udc00"}'),
  json(`{"email":"${'a'.repeat(321)}","password":"${'a'.repeat(1025)}","token":"${'a'.repeat(257)}"}`),
];

/** Bodies that no page takes. */
const MALFORMED_FORMS: readonly Body[] = [
  form('token_hash=%ff'),
  form('token_hash=a&token_hash=b'),
  form('__proto__=a'),
];
const LARGE_FORM = form(`token_hash=${'a'.repeat(17_000)}`);
const NO_FORM = json('{}');

/** Forms without what a page wants. */
const MISSHAPEN_FORMS: readonly Body[] = [
  form(''),
  form('token_hash='),
  form('token_hash=%00'),
  form(`token_hash=${'a'.repeat(65)}`),
  form('constructor=1'),
];

/** To every route that reads bodies one of each kind that the gate refuses, and one that is only misshapen. */
export const badBodies: Story = (cast) => {
  const of = cast.anyone().key;
  const pick = (bodies: readonly Body[]): Body => cast.dice.pick(bodies);
  const sent = (kind: 'json' | 'form', bodies: () => readonly Body[], headers = {}): readonly Line[] =>
    routesThatRead(kind).flatMap((route) => bodies().map((body) => ({ route, of, headers, body })));
  return loose(
    ...sent('json', () => [pick(MALFORMED_JSON), LARGE_JSON, pick(NO_JSON), pick(MISSHAPEN_JSON)]),
    ...sent(
      'form',
      () => [pick(MALFORMED_FORMS), LARGE_FORM, NO_FORM, pick(MISSHAPEN_FORMS)],
      fromOurPage(cast),
    ),
  );
};
