import { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import type { ChangedAccount } from '../../../libs/regstack/src/ports/account.repository';
import { idsOf } from '../../../libs/regstack/src/testing/contracts/contract';
import {
  aChallenge,
  addressOf,
  ALICE,
  aMessage,
  anAttempt,
  anUndo,
  aRemoval,
  aSession,
  at,
  aUser,
  BOB,
  T0,
} from '../../../libs/regstack/src/testing/contracts/samples';
import { DATABASES } from '../../support/databases';
import { crashAfter } from './crash';
import { describeOnMongo, OPTIONS } from './topologies';

/** More writes than any of these operations makes. */
const MOST_WRITES = 40;
/** In a new database: a direct try that misses, the document, another try, and the claim; what was claimed; what clears it comes last. */
const AS_CLAIMED = 4;
const AS_DONE = 5;
const CAROL = addressOf('carol');
const PHONE = '+4915112345678';
const OTHER_PHONE = '+4915187654321';

describeOnMongo('a crash between any two writes', () => {
  let url: string;
  const stores: MongooseStore[] = [];
  const open = async (): Promise<MongooseStore> => {
    const store = await MongooseStore.open(url, OPTIONS);
    stores.push(store);
    return store;
  };
  const end = async (): Promise<void> => {
    for (const store of stores.splice(0)) await store.close();
    await DATABASES.mongo.drop(url);
  };
  /** Runs a case with a crash after no write, after one, and so on, until there is none any more. Answers how many there were. */
  const atEveryWrite = async (oneCase: (writes: number) => Promise<boolean>): Promise<number> => {
    for (let writes = 0; writes < MOST_WRITES; writes++) {
      url = await DATABASES.mongo.fresh();
      try {
        if (!(await oneCase(writes))) return writes;
      } finally {
        await end();
      }
    }
    throw new Error('there is no end of writes');
  };
  const pendingOf = async ({ mongo }: MongooseStore) => {
    const [document] = await mongo.patient().admins.find().toArray();
    return document?.pending ?? null;
  };

  describe('P6: of a deletion', () => {
    const notices = [BOB, ALICE].map((recipient) => aMessage({ recipient, sealedBody: 'notice' }));
    const removal = aRemoval({ notices });

    /** Somebody with a row of each kind, at an address of before and at the one of now. */
    const fill = async (store: MongooseStore, isSuperuser: boolean): Promise<string> => {
      const { users, sessions, challenges, pendingRegistrations, outbox, trustedDevices } = store;
      await users.create(aUser({ email: CAROL, isSuperuser: true }));
      const { id } = await users.create(aUser({ isSuperuser }));
      const totp = { sealedSecret: 'kid.nonce.body.tag', lastStep: 0 };
      await users.changeCredentials(id, 0, { phoneNumber: PHONE, totp, recoveryCodes: ['code'] }, []);
      await users.changeEmail(id, 1, { email: BOB, undo: anUndo(ALICE) }, [aMessage()], at(1));
      await sessions.open(aSession(id, { authEpoch: 2 }));
      const trust = { id: 'trust', userId: id, authEpoch: 2, deviceId: 'device', ip: null, userAgent: null };
      await trustedDevices.trust({ ...trust, createdAt: T0, expiresAt: at(3600) });
      const change = aChallenge(id, { kind: 'email-change', email: BOB, authEpoch: 2 });
      await challenges.issue(change, aMessage({ recipient: BOB, challengeId: change.id }));
      // Its subject is a sign-in, and its message goes to a number that is nowhere else.
      const code = aChallenge('sign-in', { kind: 'sms-code', userId: id, phoneNumber: OTHER_PHONE });
      await challenges.issue(code, aMessage({ recipient: OTHER_PHONE, challengeId: code.id }));
      await outbox.enqueue(aMessage({ recipient: PHONE }));
      for (const email of [ALICE, BOB]) {
        await challenges.issue(aChallenge(email, { kind: 'mailbox' }), aMessage({ recipient: email }));
        const attempt = anAttempt({ email });
        await pendingRegistrations.add(attempt, aChallenge(attempt.id), aMessage({ recipient: email }));
      }
      await outbox.enqueue(aMessage({ recipient: ALICE }));
      return id;
    };

    const expectGone = async (store: MongooseStore, id: string): Promise<void> => {
      // A lease would drop what carries a challenge that is gone.
      const unleased = await DATABASES.mongo.dump(url);
      for (const number of [PHONE, OTHER_PHONE]) expect(unleased).not.toContain(number);
      const leased = (await store.outbox.lease('mail', 50, 60, at(500))).filter(
        (one) => one.recipient !== CAROL,
      );
      expect(idsOf(leased).toSorted()).toEqual(idsOf(notices).toSorted());
      for (const { id: one, leaseId } of leased) await store.outbox.settle(one, leaseId, at(501));
      const dump = await DATABASES.mongo.dump(url);
      for (const text of [id, ALICE, BOB, PHONE, OTHER_PHONE]) expect(dump).not.toContain(text);
      for (const email of [ALICE, BOB]) {
        expect(await store.users.isTaken(email, at(2))).toBe(false);
        await store.users.create(aUser({ email }));
      }
    };

    const expectHidden = async (store: MongooseStore, id: string): Promise<void> => {
      const { users, accounts, sessions } = store;
      expect([await users.findById(id), await users.findForLogin(BOB)]).toEqual([null, null]);
      expect(await users.findCredentials(id)).toBeNull();
      expect(await users.changeCredentials(id, 3, { passwordHash: 'x' }, [])).toBeNull();
      expect([await users.useTotpStep(id, 3, 1), await users.useRecoveryCode(id, 3, 'code')]).toEqual([
        false,
        null,
      ]);
      expect(await users.totpKeyIds()).toEqual([]);
      expect(await store.keyUses.count('recovery-code')).toEqual([]);
      expect(await accounts.changeAccount(id, { isActive: true })).toBeNull();
      expect(await accounts.remove(id, removal)).toBeNull();
      expect(await sessions.open(aSession(id, { authEpoch: 3 }))).toBeNull();
      const everybody = { search: null, isActive: null, isVerified: null, isSuperuser: null };
      expect(await accounts.countOf(everybody)).toBe(1);
      expect(await accounts.list(everybody, { before: null, limit: 9, skip: 0 })).toHaveLength(1);
      expect((await accounts.counts(at(2))).total).toBe(1);
    };

    it.each([
      ['of somebody', false, 14],
      ['of an admin', true, 16],
    ])('%s: the sweeper finishes it, and nothing is left of them', async (_, isSuperuser, least) => {
      const writes = await atEveryWrite(async (n) => {
        const store = await open();
        const id = await fill(store, isSuperuser);
        const { hasCrashed } = await removeWith(n, id);
        const other = await open();
        const marked = await other.mongo.patient().users.findOne({ 'deleting.at': { $exists: true } });
        if (marked) {
          await expectHidden(other, id);
          expect([await other.users.isTaken(ALICE, at(2)), await other.users.isTaken(BOB, at(2))]).toEqual([
            true,
            true,
          ]);
        }
        expect(await other.sweeper.purgeExpired(10, at(59), T0)).toBe(0);
        const isClaimed = marked !== null || (await other.users.findById(id)) === null;
        const swept = await Promise.all([open(), open()]).then((both) =>
          Promise.all(both.map(({ sweeper }) => sweeper.purgeExpired(10, at(60), T0))),
        );
        expect(swept[0]! + swept[1]!).toBe(hasCrashed && isClaimed ? 1 : 0);
        if (!isClaimed) expect(await other.accounts.remove(id, removal)).toMatchObject({ id, email: BOB });
        expect(await pendingOf(other)).toBeNull();
        await expectGone(other, id);
        return hasCrashed;
      });
      expect(writes).toBeGreaterThan(least);
    });

    /** A deletion by a process that dies after so many writes. */
    const removeWith = async (writes: number, id: string): Promise<{ hasCrashed: boolean }> => {
      const store = await open();
      const process = crashAfter(store, writes);
      await store.accounts.remove(id, removal).catch(() => {});
      return process;
    };
  });

  it('P1: of a change that keeps a session: the change stands, and the session ends with all others', async () => {
    const writes = await atEveryWrite(async (n) => {
      const [store, other] = [await open(), await open()];
      const { id } = await other.users.create(aUser());
      const [kept, closed] = [aSession(id), aSession(id)];
      for (const session of [kept, closed]) await other.sessions.open(session);
      const process = crashAfter(store, n);
      const changed = store.users.changeCredentials(id, 0, { passwordHash: 'new' }, [], kept.id);
      const answer = await changed.catch(() => null);
      const epoch = n === 0 ? 0 : 1;
      expect(await other.users.findCredentials(id)).toMatchObject({ authEpoch: epoch });
      expect(answer?.authEpoch).toBe(n === 0 ? undefined : epoch);
      const live = await other.sessions.listFor(id, epoch, at(1));
      const expected = [[kept, closed], [], [kept]][n]!;
      expect(idsOf(live).toSorted()).toEqual(idsOf(expected).toSorted());
      return process.hasCrashed;
    });
    expect(writes).toBe(2);
  });

  describe('P5: of a change that takes an admin away', () => {
    const changes = { isActive: false, fullName: 'Changed', attributes: { a: { $set: '$email' }, b: null } };

    it('whoever comes next finishes it, once, and one admin is left', async () => {
      const writes = await atEveryWrite(async (n) => {
        const [store, other] = [await open(), await open()];
        const first = await store.users.create(aUser({ isSuperuser: true, attributes: { b: 1 } }));
        const second = await store.users.create(aUser({ isSuperuser: true, email: BOB }));
        const process = crashAfter(store, n);
        await store.accounts.changeAccount(first.id, changes).catch(() => {});
        const isClaimed = !process.hasCrashed || (await pendingOf(other)) !== null;
        const answers = await Promise.all(
          [1, 2, 3].map(() => other.accounts.changeAccount(second.id, { isSuperuser: false })),
        );
        if (isClaimed) {
          expect(answers).toEqual(['last_admin', 'last_admin', 'last_admin']);
          expect(await other.users.findById(first.id)).toMatchObject({
            ...{ isActive: false, fullName: 'Changed', attributes: { a: { $set: '$email' } }, authEpoch: 1 },
          });
        } else {
          const finders = answers.filter((one) => (one as ChangedAccount).before.isSuperuser);
          expect(finders).toHaveLength(1);
          expect(await other.users.findById(first.id)).toEqual(first);
        }
        expect(await pendingOf(other)).toBeNull();
        return process.hasCrashed;
      });
      expect(writes).toBe(AS_DONE + 1);
    });

    it('its owner is told of it, once, whoever finishes it', async () => {
      await atEveryWrite(async (n) => {
        const [store, other] = [await open(), await open()];
        const { id } = await store.users.create(aUser({ isSuperuser: true }));
        await store.users.create(aUser({ isSuperuser: true, email: BOB }));
        const process = crashAfter(store, n);
        const notice = aMessage({ kind: 'account-disabled' });
        await store.accounts.changeAccount(id, { isActive: false }, { isActive: notice }).catch(() => {});
        await other.sweeper.purgeExpired(10, T0, T0);
        const isDone = (await other.users.findById(id))?.isActive === false;
        expect(idsOf(await other.outbox.lease('mail', 10, 60, at(1)))).toEqual(isDone ? [notice.id] : []);
        expect(isDone).toBe(!process.hasCrashed || n >= AS_CLAIMED);
        return process.hasCrashed;
      });
    });

    it('what was done and not cleared is not done again to somebody who is an admin once more', async () => {
      url = await DATABASES.mongo.fresh();
      const [store, other] = [await open(), await open()];
      const { id } = await store.users.create(aUser({ isSuperuser: true }));
      const { id: second } = await store.users.create(aUser({ isSuperuser: true, email: BOB }));
      crashAfter(store, AS_DONE);
      await store.accounts.changeAccount(id, { isSuperuser: false }).catch(() => {});
      expect(await pendingOf(other)).toMatchObject({ user_id: id });
      await other.accounts.changeAccount(id, { isSuperuser: true });
      expect(await other.accounts.changeAccount(second, { isSuperuser: false })).toMatchObject({
        user: { isSuperuser: false },
      });
      expect((await other.users.findById(id))?.isSuperuser).toBe(true);
      expect(await other.accounts.changeAccount(id, { isSuperuser: false })).toBe('last_admin');
      await end();
    });

    it('a deletion whose epoch rose after it was claimed is not done, whoever finds it', async () => {
      url = await DATABASES.mongo.fresh();
      const [store, other] = [await open(), await open()];
      const { id } = await store.users.create(aUser({ isSuperuser: true }));
      await store.users.create(aUser({ isSuperuser: true, email: BOB }));
      crashAfter(store, AS_CLAIMED);
      const removal = aRemoval({ expectedEpoch: 0 });
      await store.accounts.remove(id, removal).catch(() => {});
      expect(await pendingOf(other)).toMatchObject({ user_id: id });
      await other.accounts.changeAccount(id, { endSessions: true });
      expect(await other.accounts.remove(id, removal)).toBeNull();
      expect(await other.sweeper.purgeExpired(10, at(9999), T0)).toBe(0);
      expect((await other.users.findById(id))?.authEpoch).toBe(1);
      expect(await pendingOf(other)).toBeNull();
      await end();
    });

    it('where the document was lost, it goes on above the numbers that users were marked with', async () => {
      url = await DATABASES.mongo.fresh();
      const { users, accounts, mongo } = await open();
      const { id } = await users.create(aUser({ isSuperuser: true }));
      await users.create(aUser({ isSuperuser: true, email: BOB }));
      await accounts.changeAccount(id, { isSuperuser: false });
      await accounts.changeAccount(id, { isSuperuser: true });
      await mongo.patient().admins.deleteMany({});
      await accounts.changeAccount(id, { isSuperuser: false });
      expect((await users.findById(id))?.isSuperuser).toBe(false);
      await end();
    });
  });
});
