import type { WireAnswer } from './answer';
import { canaryMark, type World } from './draft';
import type { BadRequest } from './generator';
import type { Exchange } from './lane';

/** Longest time that an answer may take, where something else takes every core: two seconds are the aim (G01), and the slowest one is printed. */
const SLOW_MS = 5000;

const STACK = /\n\s+at .+:\d+:\d+|node_modules\//;

/** How pages refuse whoever is not signed in. */
export const isLedToSignIn = (location: string | null | undefined): boolean =>
  /^\/account\/login(\?|$)/.test(location ?? '');

/** What is wrong with what came back; empty when nothing is. */
export function faultsOf(request: BadRequest, exchange: Exchange, world: World): readonly string[] {
  const { answer, ms, trouble, received } = exchange;
  const { draft } = request;
  const text = received.toString('latin1').toLowerCase();
  const faults: string[] = [];
  // Where no answer is due the server may hang up; it may not leave us waiting, or talk nonsense.
  if (trouble !== null && (draft.isDue || !['closed', 'reset'].includes(trouble))) faults.push(trouble);
  if (ms > SLOW_MS) faults.push(`took ${Math.round(ms)} ms`);
  if (text.includes(canaryMark(world.seed)) && !isOfTheParser(draft, answer)) faults.push('shows a canary');
  if (draft.secrets.some((one) => text.includes(one.toLowerCase()))) faults.push('shows a secret');
  if (STACK.test(text)) faults.push('shows a stack trace');
  if (answer) faults.push(...faultsOfAnswer(request, answer, world));
  return faults;
}

function faultsOfAnswer({ draft, route }: BadRequest, answer: WireAnswer, world: World): readonly string[] {
  const { status, headers } = answer;
  const faults: string[] = [];
  if (status >= 500) faults.push(`status ${status}`);
  if (headers['x-injected'] !== undefined) faults.push('a header was injected');
  const isGuarded = world.guarded.includes(`${draft.method} ${route.path}`);
  // The first page of the demo, where a path that was changed may lead: our pages answer 303.
  const isHome = status === 302;
  const isIn = status < 400 && !isHome && !isLedToSignIn(headers['location']);
  if (isGuarded && draft.credential !== 'valid' && !draft.isWaiting && isIn)
    faults.push('passed without a session');
  if (route.kind === 'host' || isHome) return faults;
  // An answer to a HEAD has no body to tell by.
  if (draft.isGated && draft.method !== 'HEAD' && isOurs(answer) && !isOfTheGate(answer))
    faults.push('came past the gate');
  if ((draft.isRouted || status < 400) && headers['cache-control'] !== 'no-store')
    faults.push('may be cached');
  if (!draft.isRouted || status < 400) return faults;
  return [...faults, ...(route.kind === 'api' ? faultsOfProblem(answer) : faultsOfPage(answer))];
}

/** What the router does not find may come to the framework's own parser, which quotes what it cannot read. */
const isOfTheParser = ({ isRouted }: BadRequest['draft'], answer: WireAnswer | null): boolean =>
  !isRouted && answer?.status === 400 && !isOurs(answer) && answer.body.includes('is not valid JSON');

/** Our code said it, and not the framework or the server: Express has error pages of its own. */
const isOurs = ({
  status,
  headers: { 'content-type': type, 'cache-control': caching },
}: WireAnswer): boolean =>
  status < 400 ||
  type?.startsWith('application/problem+json;') === true ||
  (type?.startsWith('text/html;') === true && caching === 'no-store');

/** A refusal as the gate gives it in front of the routes. */
const isOfTheGate = ({ status, body }: WireAnswer): boolean =>
  [400, 413, 415].includes(status) && body.includes('"code":"request.');

/** A refusal of a JSON route has the form of docs/errors.md. */
function faultsOfProblem(answer: WireAnswer): readonly string[] {
  if (answer.headers['content-type'] !== 'application/problem+json; charset=utf-8')
    return [`content type ${answer.headers['content-type']}`];
  try {
    const {
      status,
      code,
      title,
      detail,
      request_id: id,
      errors,
    } = JSON.parse(answer.body) as Record<string, unknown>;
    const isWhole = [code, title, detail, id].every((one) => typeof one === 'string' && one !== '');
    if (!isWhole || status !== answer.status) return ['a problem that is not whole'];
    return status === 422 && !namesRules(errors) ? ['a refusal that names no field and no rule'] : [];
  } catch {
    return ['a problem that is no JSON'];
  }
}

/** Each has a field and what is wrong with it. */
const namesRules = (errors: unknown): boolean =>
  Array.isArray(errors) &&
  errors.length > 0 &&
  errors.every(
    ({ field, message }) => typeof field === 'string' && typeof message === 'string' && message !== '',
  );

/** A refusal on a page is a page; what the gate refuses in front of it is a problem. */
function faultsOfPage(answer: WireAnswer): readonly string[] {
  const { 'content-type': type = '' } = answer.headers;
  if (type === 'text/html; charset=utf-8') return answer.body.includes('</html>') ? [] : ['half a page'];
  return faultsOfProblem(answer);
}
