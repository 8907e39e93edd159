import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import { looksLikeId } from '../kernel/ids';
import { type Key, KeyRing } from './key-ring';

/** Where the next page of a list begins, as clients carry it: signed, so that only what we gave out comes back. */
@Injectable()
export class Cursors {
  constructor(private readonly keys: KeyRing) {}

  /** The cursor of the page after these rows; null when it is `hasMore` that is false. */
  after(rows: readonly { readonly id: string }[], hasMore: boolean): string | null {
    const last = rows.at(-1);
    if (!last || !hasMore) return null;
    const key = this.keys.current('cursor');
    return `${last.id}.${key.kid}.${mac(key, last.id)}`;
  }

  /**
   * The id that a cursor names; null for no cursor.
   * @throws AccountError `request.invalid` for one that is not ours
   */
  read(cursor: string | undefined): string | null {
    if (cursor === undefined) return null;
    const [id = '', kid, given = '', ...more] = cursor.split('.');
    const key = this.keys.find('cursor', kid);
    if (key && looksLikeId(id) && isSame(mac(key, id), given) && more.length === 0) return id;
    throw new AccountError('request.invalid', {
      fields: [{ field: 'cursor', message: 'must be the next_cursor of a page' }],
    });
  }
}

/** 128 bits: nobody guesses at one that opens nothing. */
function mac({ key }: Key, id: string): string {
  return createHmac('sha256', key).update(id).digest('base64url').slice(0, 22);
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
