import assert from 'node:assert/strict';
import type { SealedPurpose, StoredPurpose } from '../../ports/key-use.repository';
import type { Store } from '../../ports/store';
import { aMessage, aTotp, aUser, addressOf, ALICE, codes } from './samples';

/** Lease of a message, seconds. */
export const LEASE = 60;

/** A page that holds all there is. */
export const NEWEST = { before: null, limit: 50 } as const;

/** How much needs each key. */
export const counted = async ({ keyUses }: Store, purpose: StoredPurpose): Promise<Record<string, number>> =>
  Object.fromEntries((await keyUses.count(purpose)).map(({ keyId, rows }) => [String(keyId), rows]));

/** A user of epoch 1 whose app has this secret. */
export async function withApp({ users }: Store, sealedSecret: string, email = ALICE): Promise<string> {
  const { id } = await users.create(aUser({ email }));
  assert.notEqual(await users.changeCredentials(id, 0, { totp: aTotp({ sealedSecret }) }, []), null);
  return id;
}

/** A user of epoch 1 with that many recovery codes. */
export async function withCodes({ users }: Store, count: number, keyId: string | undefined, name: string) {
  const { id } = await users.create(aUser({ email: addressOf(name) }));
  const recoveryCodes = codes(count);
  const changes = { recoveryCodes, ...(keyId !== undefined && { recoveryKeyId: keyId }), totp: aTotp() };
  await users.changeCredentials(id, 0, { ...changes, isMfaEnabled: true }, []);
  return { id, recoveryCodes };
}

/** A message that waits with this text. Answers its id. */
export async function waiting({ outbox }: Store, sealedBody: string): Promise<string> {
  const message = aMessage({ sealedBody });
  await outbox.enqueue(message);
  return message.id;
}

/** One row of this purpose with this text. Answers its id. */
export const stored = (store: Store, purpose: SealedPurpose, text: string): Promise<string> =>
  purpose === 'totp' ? withApp(store, text) : waiting(store, text);
