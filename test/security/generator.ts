import { baseRequest, serialise, withLength } from './base-request';
import { canaryMark, canaryOf, type Draft, type Means, STAGES, type Trick, type World } from './draft';
import type { Route } from './discovery';
import { Random } from './random';
import { AUTHORIZATION_TRICKS } from './tricks/authorization.tricks';
import { CONTENT_TRICKS } from './tricks/content.tricks';
import { COOKIE_TRICKS } from './tricks/cookie.tricks';
import { DOCUMENT_TRICKS } from './tricks/document.tricks';
import { EXTRA_FIELDS, fieldTricks } from './tricks/field.tricks';
import { FRAME_TRICKS } from './tricks/frame.tricks';
import { HEAD_TRICKS } from './tricks/head.tricks';
import { HEADER_TRICKS } from './tricks/header.tricks';
import { paramTricks } from './tricks/param.tricks';
import { queryTricks } from './tricks/query.tricks';
import { GATE_TRICKS, TARGET_TRICKS } from './tricks/target.tricks';

/** A request as it goes out, and what is expected of its answer. */
export interface BadRequest {
  readonly n: number;
  readonly route: Route;
  readonly tricks: readonly string[];
  readonly bytes: Buffer;
  readonly draft: Readonly<Draft>;
}

/** What Node reads of a head, and what we read of a body that is too large: beyond it nobody waits for us to finish. */
const HEAD_MAX = 16_000;
const BODY_MAX = 1024 * 1024;
const GATE_MAX = 16 * 1024;

const COMMON: readonly Trick[] = [
  ...EXTRA_FIELDS,
  ...DOCUMENT_TRICKS,
  ...AUTHORIZATION_TRICKS,
  ...CONTENT_TRICKS,
  ...COOKIE_TRICKS,
  ...HEADER_TRICKS,
  ...TARGET_TRICKS,
  ...GATE_TRICKS,
  ...FRAME_TRICKS,
  ...HEAD_TRICKS,
];

const tricksFor = (route: Route): readonly Trick[] => [
  ...fieldTricks(route),
  ...queryTricks(route),
  ...paramTricks(route),
  ...COMMON,
];

/** Makes bad requests: every trick on every route in an order of the seed's choice, and then again with other details. */
export class Generator {
  private readonly cells: readonly { readonly route: Route; readonly trick: Trick }[];
  private readonly tricksOf: ReadonlyMap<Route, readonly Trick[]>;

  constructor(
    readonly routes: readonly Route[],
    private readonly world: World,
  ) {
    this.tricksOf = new Map(routes.map((route) => [route, tricksFor(route)]));
    const cells = routes.flatMap((route) => this.tricksOf.get(route)!.map((trick) => ({ route, trick })));
    this.cells = new Random(world.seed, -1).shuffled(cells);
  }

  /** How many pairs of route and trick there are. */
  get size(): number {
    return this.cells.length;
  }

  /** The `n`th request of the seed, whatever came before it. */
  request(n: number): BadRequest {
    const dice = new Random(this.world.seed, n);
    const means: Means = { dice, world: this.world, canary: canaryOf(this.world.seed, n) };
    const { route, trick } = this.cells[n % this.cells.length]!;
    const more = Array.from({ length: dice.pick([0, 0, 1, 2]) }, () => dice.pick(this.tricksOf.get(route)!));
    const tricks = [trick, ...more];
    const draft = baseRequest(route, inBodies(route, means));
    let [{ path }, isFound] = [draft, true];
    for (const stage of STAGES) {
      if (stage === 'document') draft.body = serialise(draft);
      for (const one of tricks.filter((each) => each.stage === stage)) {
        if (stage !== 'head' && stage !== 'params') draft.hasBody = true;
        one.play(draft, stage === 'fields' || stage === 'document' ? inBodies(route, means) : means);
      }
      if (stage === 'params') [path, isFound] = [draft.path, draft.isRouted];
    }
    if (!isFound || draft.path !== path || draft.method !== route.method) keepFromTheFramework(draft, means);
    else if (route.kind === 'page' && !OF_LINKS.test(route.path)) showNothing(draft, means);
    draft.isGated = isGated(draft, tricks);
    return { n, route, tricks: tricks.map(({ name }) => name), bytes: written(draft), draft };
  }
}

/** Pages of mailed links show nothing of their URL; the others lead back to it from the sign-in, and show what was searched for. */
const OF_LINKS = /\/(verify|reset|confirm-email-change|undo-email-change)$/;

/**
 * What the router does not find is answered by the framework, and that is not ours: its 404 shows the URL, and on Fastify it logs
 * an error with its stack where a client hangs up in the middle of a body. So there stands no canary, and no body is cut.
 */
function keepFromTheFramework(draft: Draft, means: Means): void {
  showNothing(draft, means);
  draft.frame = withLength;
}

/** Takes the canaries out of the URL. */
function showNothing(draft: Draft, { world }: Means): void {
  const mark = new RegExp(canaryMark(world.seed).replaceAll('.', '\\.'), 'gi');
  draft.path = draft.path.replaceAll(mark, 'plain');
  draft.query = draft.query.map((part) => part.replaceAll(mark, 'plain'));
}

/** A key twice, or too much. */
function isGated({ method, entries, body, hasBody }: Draft, tricks: readonly Trick[]): boolean {
  if (!hasBody || tricks.some(({ stage }) => stage === 'frame')) return false;
  if (body.length > GATE_MAX) return true;
  const isTwice = new Set(entries.map(([key]) => key)).size < entries.length;
  return (
    isTwice &&
    !['GET', 'HEAD', 'OPTIONS'].includes(method) &&
    !tricks.some(({ stage }) => stage === 'document')
  );
}

/** The host's own parsers quote what they cannot read: in bodies of its routes stands no canary. */
const inBodies = ({ kind }: Route, means: Means): Means =>
  kind === 'host' ? { ...means, canary: 'plain text' } : means;

function written(draft: Draft): Buffer {
  const frame = draft.hasBody ? draft.frame(draft.body) : { headers: [], body: Buffer.alloc(0) };
  const target = draft.path + (draft.query.length > 0 ? `?${draft.query.join('&')}` : '');
  const headers = [...draft.headers, ...frame.headers].map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${draft.head(`${draft.method} ${target} HTTP/1.1\r\n${headers.join('')}`)}\r\n`;
  // Two tricks on a path may leave no path; what is said of it then is not HTTP's business.
  if (!/^(\/|\*$|[a-z]+:\/\/)/i.test(draft.path)) Object.assign(draft, { isDue: false, isCut: true });
  if (head.length > HEAD_MAX) Object.assign(draft, { isDue: false, isRouted: false, isCut: true });
  if (frame.body.length > BODY_MAX) Object.assign(draft, { isDue: false, isCut: true });
  return Buffer.concat([Buffer.from(head, 'latin1'), frame.body]);
}
