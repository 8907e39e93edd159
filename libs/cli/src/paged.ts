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

/** All of it at once. */
export async function collected<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
