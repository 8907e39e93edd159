import type { Keyset } from '../../ports/keyset';
import { plain } from './plain';

/** Newest first: ids are UUIDv7, and `_id` has an index. */
export const NEWEST_FIRST = { _id: -1 } as const;

/** What is behind the key of a page. */
export function behind({ before }: Keyset): { _id?: { $lt: string } } {
  return before === null ? {} : { _id: { $lt: plain({ before }).before } };
}
