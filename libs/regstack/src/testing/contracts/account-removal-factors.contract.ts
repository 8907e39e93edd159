import assert from 'node:assert/strict';
import type { Store } from '../../ports/store';
import { type ContractCase, idsOf } from './contract';
import {
  aChallenge,
  aDevice,
  aMessage,
  aRemoval,
  at,
  aTotp,
  aUser,
  BOB,
  codes,
  OTHER_PHONE,
  PHONE,
  STEP,
} from './samples';

/** A user of epoch 1 who has proved a number. */
async function enrolled({ users }: Store, phoneNumber: string, email = aUser().email): Promise<string> {
  const { id } = await users.create(aUser({ email }));
  const changes = { phoneNumber, totp: aTotp(), recoveryCodes: codes(3), isMfaEnabled: true };
  await users.changeCredentials(id, 0, changes, []);
  return id;
}

/** A number that nobody has proved yet. */
const NEW_PHONE = '+12025550199';

/** Challenges that are a user's though they are about something else. */
const ownedBy = (userId: string) =>
  (['sign-in', 'enrolment', 'sms-code'] as const).flatMap((kind) =>
    [0, 1].map((authEpoch) => aChallenge(`${kind}-${authEpoch}-${userId}`, { kind, userId, authEpoch })),
  );

const carrying = ({ id: challengeId }: { readonly id: string }) =>
  aMessage({ challengeId, recipient: NEW_PHONE });

/** Messages that wait. Leases them. */
const waiting = async ({ outbox }: Store): Promise<string[]> =>
  idsOf(await outbox.lease('mail', 100, 60, at(5)));

/** What every `AccountRepository` keeps of deletions of users with second factors (P6, R40). */
export const accountRemovalFactorsContract: readonly ContractCase[] = [
  {
    name: 'R40: with a user go their factors: no step, no code counts any more, no key is in use; who comes after has none',
    async run(store) {
      const { users, accounts } = store;
      const { id } = await users.create(aUser());
      const recoveryCodes = codes(3);
      await users.changeCredentials(id, 0, { phoneNumber: PHONE, totp: aTotp(), recoveryCodes }, []);
      const removed = await accounts.remove(id, aRemoval({ expectedEpoch: 1 }));
      assert.deepEqual(removed !== 'last_admin' && removed?.phoneNumber, PHONE);
      assert.equal(await users.useTotpStep(id, 1, STEP + 1), false);
      assert.equal(await users.useRecoveryCode(id, 1, recoveryCodes[0]!), null);
      assert.deepEqual(Array.from(await users.totpKeyIds()), []);
      const heir = await users.create(aUser({ createdAt: at(1) }));
      const found = await users.findCredentials(heir.id);
      assert.deepEqual([found?.phoneNumber, found?.totp, found?.recoveryCodesLeft], [null, null, 0]);
    },
  },
  {
    name: 'R40: with a user go the challenges that are theirs by user, whatever they are about and of whatever epoch, and the messages that carry them',
    async run(store) {
      const { accounts, challenges } = store;
      const [id, other] = [await enrolled(store, PHONE), await enrolled(store, OTHER_PHONE, BOB)];
      const setup = aChallenge(id, { kind: 'phone-setup', authEpoch: 1, phoneNumber: NEW_PHONE });
      const [gone, kept] = [[...ownedBy(id), setup], ownedBy(other)];
      for (const challenge of gone) await challenges.issue(challenge, carrying(challenge));
      const messages = kept.map(carrying);
      for (const [n, challenge] of kept.entries()) await challenges.issue(challenge, messages[n]!);
      const removal = aRemoval();
      await accounts.remove(id, removal);
      const live = ({ kind, subjectId }: (typeof gone)[number]) =>
        challenges.findLiveAbout(kind, subjectId, at(5));
      assert.deepEqual(new Set(await Promise.all(gone.map(live))), new Set([null]));
      assert.deepEqual(await Promise.all(kept.map(live)), kept);
      for (const one of gone) assert.equal(await challenges.countGuess(one.id, 5, at(5)), false);
      assert.deepEqual(
        (await waiting(store)).toSorted(),
        idsOf([...removal.notices, ...messages]).toSorted(),
      );
    },
  },
  {
    name: 'R40: with a user go the messages to their number, also one that a worker holds; those to another number, or to part of it, stay',
    async run(store) {
      const { accounts, outbox } = store;
      const id = await enrolled(store, PHONE);
      await enrolled(store, OTHER_PHONE, BOB);
      const held = aMessage({ recipient: PHONE });
      await outbox.enqueue(held);
      const [lease] = await outbox.lease('mail', 1, 60, at(1));
      await outbox.enqueue(aMessage({ recipient: PHONE }));
      const kept = [OTHER_PHONE, `${PHONE}0`, PHONE.slice(0, -1)].map((recipient) => aMessage({ recipient }));
      for (const message of kept) await outbox.enqueue(message);
      const removal = aRemoval({ notices: [aMessage(), aMessage({ recipient: PHONE })] });
      await accounts.remove(id, removal);
      await outbox.fail(held.id, lease!.leaseId, 'ECONNREFUSED', at(3));
      assert.deepEqual((await waiting(store)).toSorted(), idsOf([...removal.notices, ...kept]).toSorted());
    },
  },
  {
    name: 'R40: a user without a number takes no message to a number along',
    async run(store) {
      const { users, accounts, outbox } = store;
      const { id } = await users.create(aUser());
      await users.changeCredentials(id, 0, { phoneNumber: PHONE }, []);
      await users.changeCredentials(id, 1, { phoneNumber: null }, []);
      const messages = [PHONE, '', 'null'].map((recipient) => aMessage({ recipient }));
      for (const message of messages) await outbox.enqueue(message);
      await accounts.remove(id, aRemoval({ notices: [] }));
      assert.deepEqual((await waiting(store)).toSorted(), idsOf(messages).toSorted());
    },
  },
  {
    name: 'R40: with a user goes the trust in their devices, of every epoch; somebody else trusts the same device still',
    async run(store) {
      const { accounts, trustedDevices } = store;
      const [id, other] = [await enrolled(store, PHONE), await enrolled(store, OTHER_PHONE, BOB)];
      const mine = [0, 1].map((authEpoch) => aDevice(id, { authEpoch }));
      const theirs = aDevice(other, { deviceId: mine[0]!.deviceId });
      for (const device of [...mine, theirs]) await trustedDevices.trust(device);
      await accounts.remove(id, aRemoval());
      for (const { userId, deviceId, authEpoch, id: trust } of mine) {
        assert.equal(await trustedDevices.isTrusted(userId, deviceId, authEpoch, at(1)), false);
        assert.deepEqual(Array.from(await trustedDevices.listFor(userId, authEpoch, at(1))), []);
        assert.equal(await trustedDevices.distrust(userId, trust), false);
      }
      assert.deepEqual(Array.from(await trustedDevices.listFor(other, 0, at(1))), [theirs]);
    },
  },
  {
    name: 'P6: a removal that comes with another epoch takes no challenge, no message and no trust',
    async run(store) {
      const { accounts, challenges, trustedDevices, outbox } = store;
      const id = await enrolled(store, PHONE);
      const challenge = aChallenge('sign-in', { kind: 'sign-in', userId: id, authEpoch: 1 });
      await challenges.issue(challenge, null);
      const device = aDevice(id, { authEpoch: 1 });
      await trustedDevices.trust(device);
      const message = aMessage({ recipient: PHONE });
      await outbox.enqueue(message);
      assert.equal(await accounts.remove(id, aRemoval({ expectedEpoch: 0 })), null);
      assert.deepEqual(await challenges.findLiveAbout('sign-in', 'sign-in', at(1)), challenge);
      assert.equal(await trustedDevices.isTrusted(id, device.deviceId, 1, at(1)), true);
      assert.deepEqual(await waiting(store), [message.id]);
      assert.equal(await store.users.useTotpStep(id, 1, STEP + 1), true);
    },
  },
];
