import assert from 'node:assert/strict';
import { type ContractCase, idsOf } from './contract';
import { counted, LEASE, NEWEST, stored, waiting, withApp, withCodes } from './key-use-rows';
import { aMessage, aRemoval, aTotp, aUser, addressOf, anUndo, at, BOB, codes, T0 } from './samples';

/** What every `KeyUseRepository` tells of the keys that are needed. */
export const keyUseContract: readonly ContractCase[] = [
  {
    name: 'secrets of apps are counted by their key, whoever has them; none are left once they are gone',
    async run(store) {
      assert.deepEqual(await counted(store, 'totp'), {});
      const texts = ['key-a.1', 'key-a.2', 'key-a1.3', 'kid_%.4'];
      const ids: string[] = [];
      for (const [n, text] of texts.entries()) ids.push(await withApp(store, text, addressOf(`user-${n}`)));
      await store.users.create(aUser());
      await store.accounts.changeAccount(ids[1]!, { isActive: false });
      assert.deepEqual(await counted(store, 'totp'), { 'key-a': 2, 'key-a1': 1, 'kid_%': 1 });
      await store.users.changeCredentials(ids[0]!, 1, { totp: null }, []);
      await store.accounts.remove(ids[1]!, aRemoval());
      assert.deepEqual(await counted(store, 'totp'), { 'key-a1': 1, 'kid_%': 1 });
    },
  },
  {
    name: 'messages are counted by their key while they wait, are with a worker, or were given up; not once they were sent',
    async run(store) {
      for (const text of ['key-a.1', 'key-a.2', 'key-b.3', 'kid_%.4']) await waiting(store, text);
      const all = { 'key-a': 2, 'key-b': 1, 'kid_%': 1 };
      assert.deepEqual(await counted(store, 'outbox'), all);
      const leased = await store.outbox.lease('mail', 9, LEASE, at(1));
      assert.deepEqual(await counted(store, 'outbox'), all);
      for (const { id, leaseId, sealedBody } of leased) {
        if (sealedBody.startsWith('key-a')) await store.outbox.settle(id, leaseId, at(2));
        else await store.outbox.fail(id, leaseId, 'EENVELOPE', null);
      }
      assert.deepEqual(await counted(store, 'outbox'), { 'key-b': 1, 'kid_%': 1 });
    },
  },
  {
    name: 'messages that a change of credentials announces are counted, and found, at once',
    async run(store) {
      const { id } = await store.users.create(aUser());
      const notices = Array.from({ length: 25 }, (_, n) => aMessage({ sealedBody: `key-a.${n}` }));
      await store.users.changeCredentials(id, 0, { passwordHash: '$hash-2' }, notices);
      assert.deepEqual(await counted(store, 'outbox'), { 'key-a': 25 });
      const found = await store.keyUses.findSealed('outbox', 'key-a', NEWEST);
      assert.deepEqual(idsOf(found).toSorted(), idsOf(notices).toSorted());
    },
  },
  {
    name: 'sets of recovery codes are counted by their key, without those of which no code is left; null where none was given',
    async run(store) {
      assert.deepEqual(await counted(store, 'recovery-code'), {});
      const one = await withCodes(store, 2, 'key-a', 'one');
      await withCodes(store, 10, 'key-a', 'two');
      const three = await withCodes(store, 1, 'key-b', 'three');
      await withCodes(store, 1, undefined, 'four');
      assert.deepEqual(await counted(store, 'recovery-code'), { 'key-a': 2, 'key-b': 1, null: 1 });
      await store.users.useRecoveryCode(three.id, 1, three.recoveryCodes[0]!);
      await store.users.useRecoveryCode(one.id, 1, one.recoveryCodes[0]!);
      assert.deepEqual(await counted(store, 'recovery-code'), { 'key-a': 2, null: 1 });
    },
  },
  {
    name: 'a new set is under the key that comes with it, and under none that is known where none does; with its codes the key goes',
    async run(store) {
      const { users } = store;
      const { id } = await withCodes(store, 3, 'key-a', 'one');
      await users.changeCredentials(id, 1, { recoveryKeyId: 'key-x', isMfaEnabled: true }, []);
      assert.deepEqual(await counted(store, 'recovery-code'), { 'key-a': 1 });
      await users.changeCredentials(id, 2, { recoveryCodes: codes(3), recoveryKeyId: 'key-b' }, []);
      assert.deepEqual(await counted(store, 'recovery-code'), { 'key-b': 1 });
      await users.changeCredentials(id, 3, { recoveryCodes: codes(3) }, []);
      assert.deepEqual(await counted(store, 'recovery-code'), { null: 1 });
      await users.changeCredentials(id, 4, { recoveryCodes: [], recoveryKeyId: 'key-b' }, []);
      assert.deepEqual(await counted(store, 'recovery-code'), {});
    },
  },
  {
    name: 'P6, P9, P10: codes that a deletion, an undo or the first proof of the mailbox takes away need no key any more',
    async run(store) {
      const { users, accounts } = store;
      const { id: unproved } = await users.create(aUser({ isVerified: false }));
      const set = { recoveryCodes: codes(2), recoveryKeyId: 'key-a' };
      await users.changeCredentials(unproved, 0, { ...set, totp: aTotp() }, []);
      await users.changeCredentials(unproved, 1, { isVerified: true }, []);
      const { id: moved } = await users.create(aUser({ email: BOB }));
      const undo = anUndo(BOB);
      await users.changeEmail(moved, 0, { email: addressOf('new'), undo }, [], T0);
      await users.changeCredentials(moved, 1, { ...set, totp: aTotp() }, []);
      await users.undoEmailChange(moved, undo, [], T0);
      const { id: deleted } = await withCodes(store, 2, 'key-a', 'deleted');
      assert.deepEqual(await counted(store, 'recovery-code'), { 'key-a': 1 });
      await accounts.remove(deleted, aRemoval());
      assert.deepEqual(await counted(store, 'recovery-code'), {});
    },
  },
  {
    name: 'what is under a key is paged through, each once, newest first, whatever its state; nothing under another key, and nothing that was sent',
    async run(store) {
      for (const purpose of ['totp', 'outbox'] as const) {
        const ids: string[] = [];
        for (let n = 0; n < 7; n++) {
          const text = `key-a.${n}`;
          const one = purpose === 'totp' ? withApp(store, text, addressOf(`u${n}`)) : waiting(store, text);
          ids.push(await one);
        }
        if (purpose === 'outbox') {
          const [sent, dead] = await store.outbox.lease('mail', 2, LEASE, at(1));
          await store.outbox.settle(sent!.id, sent!.leaseId, at(2));
          await store.outbox.fail(dead!.id, dead!.leaseId, 'EENVELOPE', null);
          ids.splice(ids.indexOf(sent!.id), 1);
        }
        await stored(store, purpose, 'key-a1.other');
        const found: string[] = [];
        let before: string | null = null;
        for (;;) {
          const page: readonly { readonly id: string; readonly text: string }[] =
            await store.keyUses.findSealed(purpose, 'key-a', { before, limit: 3 });
          assert.ok(page.length <= 3 && page.every(({ text }) => text.startsWith('key-a.')));
          found.push(...idsOf(page));
          if (page.length === 0) break;
          before = page.at(-1)!.id;
        }
        assert.deepEqual(found, ids.toSorted().toReversed());
        for (const keyId of ['key', 'key-b', 'key-a.1', '', '%', 'key_a'])
          assert.deepEqual(idsOf(await store.keyUses.findSealed(purpose, keyId, NEWEST)), []);
      }
    },
  },
];
