import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import type { SealedPurpose } from '../../ports/key-use.repository';
import type { Store } from '../../ports/store';
import { type ContractCase, race } from './contract';
import { counted, LEASE, NEWEST, stored, waiting, withApp, withCodes } from './key-use-rows';
import { aTotp, at, STEP, T0 } from './samples';

const textOf = async (store: Store, purpose: SealedPurpose, keyId: string): Promise<string | undefined> =>
  (await store.keyUses.findSealed(purpose, keyId, NEWEST))[0]?.text;

const secretOf = async ({ users }: Store, id: string): Promise<string | undefined> =>
  (await users.findCredentials(id))?.totp?.sealedSecret;

const isOneReseal =
  (purpose: SealedPurpose): ContractCase['run'] =>
  async (store) => {
    const id = await stored(store, purpose, 'old.text');
    const won = await race((n) => store.keyUses.reseal(purpose, id, 'old.text', `new.${n}`));
    assert.equal(won.filter(Boolean).length, 1);
    assert.equal(await textOf(store, purpose, 'new'), `new.${won.indexOf(true)}`);
    assert.deepEqual(await counted(store, purpose), { new: 1 });
  };

/** What every `KeyUseRepository` keeps when a text is put under another key (R61). */
export const resealContract: readonly ContractCase[] = [
  {
    name: 'R61: the secret of an app is put under another key, and nothing else of its user changes: epoch, last step, codes',
    async run(store) {
      const { users, keyUses } = store;
      const { id } = await withCodes(store, 3, 'old', 'alice');
      await users.changeCredentials(id, 1, { totp: aTotp({ sealedSecret: 'old.1' }) }, []);
      await users.useTotpStep(id, 2, STEP + 4);
      await store.accounts.changeAccount(id, { isActive: false });
      const before = await users.findCredentials(id);
      assert.equal(await keyUses.reseal('totp', id, 'old.1', 'new.1'), true);
      const totp = { sealedSecret: 'new.1', lastStep: STEP + 4 };
      assert.deepEqual(await users.findCredentials(id), { ...before, totp });
      assert.deepEqual(Array.from(await users.totpKeyIds()), ['new']);
      assert.deepEqual(await counted(store, 'recovery-code'), { old: 1 });
      assert.equal(await keyUses.reseal('totp', id, 'new.1', 'newer.1'), true);
      assert.deepEqual(await counted(store, 'totp'), { newer: 1 });
    },
  },
  {
    name: 'R61: a message is put under another key also while a worker has it, whose lease and report count as before',
    async run(store) {
      const { outbox, keyUses } = store;
      const [one, other] = [await waiting(store, 'old.1'), await waiting(store, 'old.2')];
      const [leased] = await outbox.lease('mail', 1, LEASE, at(1));
      for (const { id, text } of await keyUses.findSealed('outbox', 'old', NEWEST))
        assert.equal(await keyUses.reseal('outbox', id, text, text.replace('old', 'new')), true);
      assert.deepEqual(await counted(store, 'outbox'), { new: 2 });
      const [next] = await outbox.lease('mail', 9, LEASE, at(2));
      assert.deepEqual([leased!.id, next!.id].toSorted(), [one, other].toSorted());
      assert.match(next!.sealedBody, /^new\./);
      assert.equal(await outbox.settle(leased!.id, leased!.leaseId, at(3)), true);
      assert.equal(await outbox.fail(next!.id, next!.leaseId, 'ECONNREFUSED', at(9)), true);
      const [again] = await outbox.lease('mail', 9, LEASE, at(9));
      assert.deepEqual([again!.attempts, again!.sealedBody], [2, next!.sealedBody]);
    },
  },
  {
    name: 'a text that is another one by now, or gone, is left alone, and so is what nobody has',
    async run(store) {
      const { users, outbox, keyUses } = store;
      const refused = async (purpose: SealedPurpose, id: string, from: string): Promise<void> =>
        assert.equal(await keyUses.reseal(purpose, id, from, 'new.1'), false);
      const id = await withApp(store, 'old.1');
      for (const from of ['old.2', 'old', '', 'old.1 ', '%']) await refused('totp', id, from);
      await refused('outbox', id, 'old.1');
      await refused('totp', newId(T0), 'old.1');
      await users.changeCredentials(id, 1, { totp: aTotp({ sealedSecret: 'old.2' }) }, []);
      await refused('totp', id, 'old.1');
      assert.equal(await secretOf(store, id), 'old.2');
      await users.changeCredentials(id, 2, { totp: null }, []);
      for (const from of ['old.2', '']) await refused('totp', id, from);
      assert.deepEqual((await users.findCredentials(id))?.totp, null);
      const message = await waiting(store, 'old.1');
      await refused('totp', message, 'old.1');
      const [leased] = await outbox.lease('mail', 1, LEASE, at(1));
      await outbox.settle(message, leased!.leaseId, at(2));
      await refused('outbox', message, 'old.1');
      assert.deepEqual([await counted(store, 'totp'), await counted(store, 'outbox')], [{}, {}]);
    },
  },
  {
    name: 'R61: of parallel writes over one secret exactly one counts, and it is what stands',
    isRace: true,
    run: isOneReseal('totp'),
  },
  {
    name: 'R61: of parallel writes over one message exactly one counts, and it is what stands',
    isRace: true,
    run: isOneReseal('outbox'),
  },
  {
    name: 'R61: an app that is replaced meanwhile stays the one that took its place',
    isRace: true,
    async run(store) {
      const id = await withApp(store, 'old.1');
      const totp = aTotp({ sealedSecret: 'own.1', lastStep: STEP + 1 });
      const done = await race(async (n) =>
        n === 16
          ? (await store.users.changeCredentials(id, 1, { totp }, [])) !== null
          : store.keyUses.reseal('totp', id, 'old.1', `new.${n}`),
      );
      assert.equal(done[16], true);
      assert.deepEqual((await store.users.findCredentials(id))?.totp, totp);
      assert.deepEqual(await counted(store, 'totp'), { own: 1 });
    },
  },
  {
    name: 'R61: an app that is removed meanwhile does not come back',
    isRace: true,
    async run(store) {
      const id = await withApp(store, 'old.1');
      await race(async (n) =>
        n === 16
          ? store.users.changeCredentials(id, 1, { totp: null }, [])
          : store.keyUses.reseal('totp', id, 'old.1', `new.${n}`),
      );
      assert.deepEqual((await store.users.findCredentials(id))?.totp, null);
      assert.deepEqual([await counted(store, 'totp'), Array.from(await store.users.totpKeyIds())], [{}, []]);
    },
  },
  {
    name: 'R61, P7: a step that is used up meanwhile stays used up',
    isRace: true,
    async run(store) {
      const id = await withApp(store, 'old.1');
      const done = await race(async (n) =>
        n % 2 === 0
          ? store.users.useTotpStep(id, 1, STEP + 1 + n)
          : store.keyUses.reseal('totp', id, 'old.1', `new.${n}`),
      );
      const won = done.findIndex((isDone, n) => n % 2 === 1 && isDone);
      const totp = { sealedSecret: `new.${won}`, lastStep: STEP + 31 };
      assert.deepEqual((await store.users.findCredentials(id))?.totp, totp);
    },
  },
  {
    name: 'R61: a message that is sent meanwhile is sent, and nothing of it comes back',
    isRace: true,
    async run(store) {
      const id = await waiting(store, 'old.1');
      const [leased] = await store.outbox.lease('mail', 1, LEASE, at(1));
      const done = await race(async (n) =>
        n === 16
          ? store.outbox.settle(id, leased!.leaseId, at(2))
          : store.keyUses.reseal('outbox', id, 'old.1', `new.${n}`),
      );
      assert.equal(done[16], true);
      assert.ok(done.filter((isDone, n) => isDone && n !== 16).length <= 1);
      assert.deepEqual(await counted(store, 'outbox'), {});
      for (const n of done.keys())
        assert.equal(await store.keyUses.reseal('outbox', id, `new.${n}`, 'newer.1'), false);
    },
  },
];
