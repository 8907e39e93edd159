import { PASSWORD } from '../support/demo';
import type { Place } from './place';
import { formsOn, isPage, linksOn, type Seen, type Visitor } from './visitor';

/** What was found on a crawl. */
export interface Crawl {
  /** What is not there, leads away or breaks, and where it was found. */
  readonly wrong: readonly string[];
  readonly seen: readonly Seen[];
}

/** More pages than that are no house of ours, but a circle. */
const MOST = 400;
/** What a form answers that comes without its token. */
const REFUSED_OR_LED_ON = [303, 400, 403, 422];

/** Everything that can be reached from these pages. Forms are sent without their token: nothing is done, and somebody answers. */
export async function crawl(visitor: Visitor, from: readonly string[]): Promise<Crawl> {
  const [wrong, seen, known]: [string[], Seen[], Set<string>] = [[], [], new Set(from)];
  const queue = from.map((path) => ({ path, by: 'the list of routes' }));
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { path, by } = next;
    const found = await visitor.get(path).catch((error: Error) => error.message);
    const trouble = typeof found === 'string' ? found : troubleIn(found);
    if (trouble !== null) wrong.push(`${path}, found on ${by}: ${trouble}`);
    if (typeof found === 'string') continue;
    seen.push(found);
    wrong.push(...(await formsWithout(visitor, found)));
    for (const link of leadsOf(found).filter((one) => !known.has(one))) {
      known.add(link);
      queue.push({ path: link, by: path });
    }
    if (known.size > MOST) throw new Error(`there is no end of pages: ${[...known].slice(-9).join(' ')}`);
  }
  return { wrong, seen };
}

function troubleIn({ status }: Seen): string | null {
  return [404, 405].includes(status) || status >= 500 ? String(status) : null;
}

/** Where an answer leads on to. */
function leadsOf(seen: Seen): readonly string[] {
  const to = seen.headers.get('location');
  const all = [...(to === null ? [] : [new URL(to, seen.url)]), ...(isPage(seen) ? linksOn(seen) : [])];
  return all.map(
    ({ origin, pathname, search }) => (origin === seen.url.origin ? '' : origin) + pathname + search,
  );
}

/** Forms of a page that lead nowhere. */
async function formsWithout(visitor: Visitor, seen: Seen): Promise<string[]> {
  const wrong: string[] = [];
  for (const { action, method } of isPage(seen) ? formsOn(seen) : []) {
    const sent = method === 'get' ? visitor.get(action) : visitor.post(action);
    const status = await sent.then((answer) => answer.status).catch((error: Error) => error.message);
    const isRight = method === 'get' ? status === 200 : REFUSED_OR_LED_ON.includes(Number(status));
    if (!isRight) wrong.push(`${method} form ${action.href} on ${seen.url.href}: ${status}`);
  }
  return wrong;
}

/** Crawls signed out, with a mailed link, and signed in. */
export async function crawlAll(
  { pages, newVisitor, signedIn, host, mail }: Place,
  api: string,
): Promise<Crawl> {
  await host.call('POST', `${api}/register`, { email: 'new@example.org', password: PASSWORD });
  const { text } = await mail.to('new@example.org');
  const { pathname, search } = new URL(/https?:\S+token=[\w-]+/.exec(text)![0]);
  const stranger = await crawl(newVisitor(), [...pages, pathname + search]);
  const user = await crawl(await signedIn(), pages);
  return { wrong: [...stranger.wrong, ...user.wrong], seen: [...stranger.seen, ...user.seen] };
}
