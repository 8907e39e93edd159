import type { WireAnswer } from '../answer';
import { Lane } from '../lane';
import type { Caller, Headers } from './callers';
import type { Ground } from './ground';
import { type Mutant, PLAIN, reached, type Target } from './mutants';
import { type Line, LINES, nameOf, type Refusal, refusalOf } from './table';

/** What is asked of the app. */
export interface Plan {
  readonly callers: readonly Caller[];
  readonly mutants: readonly Mutant[];
  readonly lines?: readonly Line[];
  /** Which of the ways are gone, beside the plain one. Default: all. */
  readonly share?: Share;
}

/** Every `of`-th way, from another one for each pair of line and caller; with each `from` below `of`, all of them. */
export interface Share {
  readonly of: number;
  readonly from: number;
}

/** A line as one caller asks for it, in these ways. */
interface Pair extends Pick<Step, 'line' | 'caller'> {
  readonly mutants: readonly Mutant[];
}

/** What a walk through the matrix came to. */
export interface Report {
  /** Requests that were answered. */
  made: number;
  passed: number;
  refused: number;
  /** Nobody was there. */
  lost: number;
  /** Bodies by code, without their request ids. */
  readonly bodies: Map<string, Set<string>>;
  /** What is not as the table says. */
  readonly deviations: string[];
}

/** One request of the matrix, and what the table says of it. */
interface Step {
  readonly line: Line;
  readonly caller: Caller;
  readonly mutant: Mutant;
  /** Null: nothing is there. */
  readonly to: Line | null;
  readonly refusal: Refusal | null;
}

const LANES = 6;
/** A run that goes wrong everywhere is told by its first deviations. */
const MOST_DEVIATIONS = 400;

/** No row has this id, so whoever passes changes nothing. */
const NO_ID = '0'.repeat(26);
/** Passes the guard and is refused behind it, where a body is looked at. */
const BODIES = {
  api: { type: 'application/json', text: '{"unexpected":true}' },
  page: { type: 'application/x-www-form-urlencoded', text: 'unexpected=true' },
} as const;
/** Ends the session that it comes with. */
const SPENDS = 'POST /api/auth/logout';

/** How many requests a plan comes to. */
export const sizeOf = (plan: Plan): number =>
  pairsOf(plan).reduce((size, { mutants }) => size + mutants.length, 0);

/** Asks for every line as every caller in the ways of the plan, and compares the answers with the table. */
export async function walk(ground: Ground, plan: Plan): Promise<Report> {
  const report: Report = { made: 0, passed: 0, refused: 0, lost: 0, bodies: new Map(), deviations: [] };
  const pairs = pairsOf(plan);
  const work = async (): Promise<void> => {
    const lane = new Lane(ground.port);
    for (let pair = pairs.pop(); pair && report.deviations.length < MOST_DEVIATIONS; pair = pairs.pop())
      await inItsWays(ground, lane, pair, report);
    lane.close();
  };
  await Promise.all(Array.from({ length: LANES }, work));
  return report;
}

function pairsOf({ callers, mutants, lines = LINES, share = { of: 1, from: 0 } }: Plan): Pair[] {
  const pairs = lines.flatMap((line) => callers.map((caller) => ({ line, caller })));
  const isGone = (mutant: Mutant, way: number, pair: number): boolean =>
    mutant === PLAIN || (way + pair) % share.of === share.from;
  return pairs.map((pair, n) => ({ ...pair, mutants: mutants.filter((one, way) => isGone(one, way, n)) }));
}

async function inItsWays(
  ground: Ground,
  lane: Lane,
  { line, caller, mutants }: Pair,
  report: Report,
): Promise<void> {
  let plain: WireAnswer | undefined;
  for (const mutant of mutants) {
    const to = reached(line, mutant, LINES);
    const step = { line, caller, mutant, to, refusal: to && refusalOf(to, caller, ground.regime) };
    const { answer, trouble } = await lane.send(requestOf(step, ground));
    const deviation = answer ? deviationOf(step, answer, plain) : (trouble ?? 'no answer');
    if (deviation !== null)
      report.deviations.push(`${nameOf(line)} for ${caller.name}, ${mutant.name}: ${deviation}`);
    if (!answer) continue;
    if (mutant === PLAIN) plain = answer;
    count(report, step, answer);
  }
}

/** What is not as the table says, or null. */
function deviationOf({ caller, to, line, refusal, mutant }: Step, answer: WireAnswer, plain?: WireAnswer) {
  const isBare = mutant.name === 'HEAD';
  const isPage = to !== null && isPagePath(to.path);
  const [found, code] = [shown(answer), isPage ? pageCodeOf(answer) : codeOf(answer)];
  // A path parameter makes another file of the name of one: the route is the same, and has none.
  const isNoFile = line.path.endsWith('/:file') && code === 'request.not_found';
  if (!to)
    return answer.status === 404 && (code === undefined || isNoFile)
      ? null
      : `nothing is there, answered ${found}`;
  if (refusal) {
    const isSaid = isBare || (refusal.to ? isLedTo(answer, refusal.to) : code === refusal.code);
    const isRight = answer.status === refusal.status && isSaid;
    return isRight ? null : `to be refused with ${refusal.status} ${refusal.code}, answered ${found}`;
  }
  const isIn = isPage ? hasPassedPage(to, answer, code) : hasPassed(answer, code, isBare);
  if (!isIn) return `may pass, answered ${found}`;
  const seen = callerIn(answer);
  if (seen !== undefined && seen !== caller.email && nameOf(line) !== SPENDS)
    return `taken for ${seen ?? 'a stranger'}`;
  if (plain && to === line && answer.status !== plain.status)
    return `answered ${found} and plainly ${shown(plain)}`;
  return null;
}

const isPagePath = (path: string): boolean => /^\/account(\/|$)/.test(path);

/** Refused behind the guard, or served: not refused by it, not broken, and not somewhere else. */
function hasPassed({ status }: WireAnswer, code: string | undefined, isBare: boolean): boolean {
  if (status >= 500 || status === 401 || status === 403 || status === 405) return false;
  return status !== 404 || isBare || (code !== undefined && code !== 'feature.disabled');
}

/** The same on a page: a form that comes without its token has passed the guard, and is refused for that. */
function hasPassedPage({ rule }: Line, answer: WireAnswer, code: string | undefined): boolean {
  const { status } = answer;
  if (status >= 500 || status === 401 || status === 405 || code === 'feature.disabled') return false;
  if (status === 403) return code === 'form.expired' || code === undefined;
  const isForAll = rule.endsWith('for all') || rule === 'public';
  return isForAll || !['/account/login', '/account/reauthenticate'].some((page) => isLedTo(answer, page));
}

const isLedTo = ({ headers }: WireAnswer, page: string): boolean =>
  headers['location']?.split('?', 1)[0] === page;

function requestOf({ line, caller, mutant, to, refusal }: Step, ground: Ground) {
  const path = line.path.replaceAll(':id', NO_ID);
  const target = mutant.change({ method: line.method, path, headers: {} });
  const isSpent = nameOf(line) === SPENDS && to !== null && refusal === null;
  const headers = isSpent ? caller.spares.pop() : caller.headers;
  if (!headers) throw new Error(`${caller.name} has no session left to end`);
  return {
    bytes: written(target, headers, line, ground.port),
    draft: { method: target.method, isCut: false },
  };
}

function written(
  { method, path, headers: more }: Target,
  headers: Headers,
  line: Line,
  port: number,
): Buffer {
  const { type, text } = BODIES[isPagePath(line.path) ? 'page' : 'api'];
  const hasBody = ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method);
  const about = hasBody ? { 'Content-Type': type, 'Content-Length': String(text.length) } : {};
  const all = { Host: `127.0.0.1:${port}`, ...headers, ...more, ...about };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${hasBody ? text : ''}`);
}

function count(report: Report, { to, refusal }: Step, answer: WireAnswer): void {
  report.made += 1;
  if (!to) report.lost += 1;
  else if (refusal) report.refused += 1;
  else report.passed += 1;
  const code = codeOf(answer);
  if (code === undefined) return;
  const known = report.bodies.get(code) ?? new Set();
  report.bodies.set(code, known.add(answer.body.replace(/"request_id":"[^"]*"/, '')));
}

interface Json {
  readonly code?: string;
  readonly caller?: string | null;
  readonly email?: string;
}

const jsonOf = ({ body }: WireAnswer): Json => (body.startsWith('{') ? (JSON.parse(body) as Json) : {});
const codeOf = (answer: WireAnswer): string | undefined => jsonOf(answer).code;
/** Pages say it in words. */
const SENTENCES: Readonly<Record<string, RegExp>> = {
  'request.cross_site': /came from another site/,
  'form.expired': /form was open for too long/,
  'account.not_allowed': /no right to this/,
  'mfa.required': /has to have a second factor/,
  'feature.disabled': /switched off here/,
};
const pageCodeOf = ({ body }: WireAnswer): string | undefined =>
  Object.keys(SENTENCES).find((code) => SENTENCES[code]!.test(body));
const shown = (answer: WireAnswer): string => `${answer.status} ${codeOf(answer) ?? ''}`.trim();

/** As whom the route has seen the caller, where it says so. */
function callerIn(answer: WireAnswer): string | null | undefined {
  const { caller, email } = jsonOf(answer);
  return answer.status < 300 ? (caller === undefined ? email : caller) : undefined;
}
