import { COLLECTIONS } from './collections';
import type { Mongo } from './mongo';

/**
 * Leaves those documents of a pipeline whose address, in this field, nobody has, nor the right to have it back (P9). Users whom an older
 * version adds beside this one have no claims, so they are looked for by their address as well.
 */
export function onFreeAddresses({ prefix }: Mongo, localField: string, now: Date): Record<string, unknown>[] {
  const from = prefix + COLLECTIONS.users;
  return [
    { $lookup: { from, localField, foreignField: 'email', as: 'owners' } },
    { $match: { owners: { $size: 0 } } },
    { $lookup: { from, localField, foreignField: 'claims', as: 'former' } },
    { $match: { former: { $not: { $elemMatch: { 'undo.expires_at': { $gt: now } } } } } },
  ];
}
