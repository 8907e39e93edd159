import type { Terminal } from './terminal';

/** One page, and where the next one begins; null: nowhere. */
interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Rows of a page: as many as the library gives at a time. */
const PAGE = 200;

/**
 * What is in a list that is read page by page, one after the other, up to `limit` of it.
 * @param read a page from this cursor on; undefined: the first
 */
export async function* paged<T>(
  limit: number,
  read: (page: { readonly cursor: string | undefined; readonly limit: number }) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let left = limit;
  let cursor: string | undefined;
  do {
    const page = await read({ cursor, limit: Math.min(PAGE, left) });
    yield* page.items;
    left -= page.items.length;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && left > 0);
}

/** How a list is told: for programs at once, for people line by line, with a count as long as somebody reads. */
interface Telling<T> {
  readonly isJson: boolean | undefined;
  readonly toJson: (item: T) => object;
  readonly toLine: (item: T) => string;
  /** What is counted. */
  readonly noun: string;
}

/** Tells what is in a list. */
export async function tellList<T>(
  terminal: Terminal,
  items: AsyncIterable<T>,
  { isJson, toJson, toLine, noun }: Telling<T>,
): Promise<void> {
  if (isJson) {
    const all: object[] = [];
    for await (const item of items) all.push(toJson(item));
    return terminal.sayJson(all);
  }
  let count = 0;
  for await (const item of items) {
    terminal.say(toLine(item));
    count += 1;
    if (!terminal.isRead) return;
  }
  terminal.note(`${count} ${noun}`);
}
