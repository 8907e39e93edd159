import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import { looksLikeId } from '../kernel/ids';
import { type Key, KeyRing } from './key-ring';

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Null: there is no further page. */
  readonly nextCursor: string | null;
}

/** Which page of a list. */
export interface PageRequest {
  /** `nextCursor` of the page before. */
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** What is read page by page. */
export type ListName = 'users' | 'audit' | 'outbox' | 'pending-registrations';

/** Where the next page of a list begins, as clients carry it: signed, so that only what we gave out for this list comes back. */
@Injectable()
export class Cursors {
  constructor(private readonly keys: KeyRing) {}

  /** The page that is in rows of which one more than `limit` was asked for, and the cursor of the next one; null where it is the last. */
  pageOf<T extends { readonly id: string }>(list: ListName, found: readonly T[], limit: number): Page<T> {
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last && found.length > limit ? this.after(list, last.id) : null };
  }

  /**
   * The id that a cursor names; null for no cursor.
   * @throws AccountError `request.invalid` for one that is not ours, or of another list
   */
  read(list: ListName, cursor: string | undefined): string | null {
    if (cursor === undefined) return null;
    const [id = '', kid, given = '', ...more] = cursor.split('.');
    const key = this.keys.find('cursor', kid);
    if (key && looksLikeId(id) && isSame(mac(key, list, id), given) && more.length === 0) return id;
    throw new AccountError('request.invalid', {
      fields: [{ field: 'cursor', message: 'must be the next_cursor of a page' }],
    });
  }

  private after(list: ListName, id: string): string {
    const key = this.keys.current('cursor');
    return `${id}.${key.kid}.${mac(key, list, id)}`;
  }
}

/** 128 bits: nobody guesses at one that opens nothing. */
function mac({ key }: Key, list: ListName, id: string): string {
  return createHmac('sha256', key).update(`${list}.${id}`).digest('base64url').slice(0, 22);
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
