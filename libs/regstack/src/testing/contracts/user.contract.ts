import assert from 'node:assert/strict';
import { newId } from '../../kernel/ids';
import { EmailTakenError } from '../../ports/user.repository';
import { type ContractCase, idsOf, race } from './contract';
import { ALICE, aMessage, aSession, at, ATTRIBUTES, aUser, BOB, NO_FACTOR, T0 } from './samples';

/** What every `UserRepository` keeps. */
export const userContract: readonly ContractCase[] = [
  {
    name: 'a created user is found by id and address, with the defaults of a new account',
    async run({ users }) {
      const user = aUser();
      const { passwordHash, ...rest } = user;
      const expected = {
        ...rest,
        isActive: true,
        roles: [],
        phoneNumber: null,
        isMfaEnabled: false,
        lastLogin: null,
        authEpoch: 0,
      };
      assert.deepEqual(await users.create(user), expected);
      assert.deepEqual(await users.findById(user.id), expected);
      assert.deepEqual(await users.findForLogin(ALICE), { ...expected, passwordHash });
      assert.deepEqual(await users.findCredentials(user.id), {
        ...expected,
        ...NO_FACTOR,
        passwordHash,
        emailUndo: null,
      });
      assert.equal(await users.isTaken(ALICE, at(1)), true);
    },
  },
  {
    name: 'a user is created as superuser and with attributes where it says so, and is always read with them',
    async run({ users, sessions }) {
      const user = aUser({ isSuperuser: true, attributes: ATTRIBUTES, fullName: null, passwordHash: null });
      const created = await users.create(user);
      assert.deepEqual([created.isSuperuser, created.attributes, created.roles], [true, ATTRIBUTES, []]);
      assert.deepEqual(await users.findById(user.id), created);
      assert.deepEqual(await users.findForLogin(ALICE), { ...created, passwordHash: null });
      const session = aSession(user.id);
      const signedIn = await sessions.open(session);
      assert.deepEqual(signedIn, { ...created, lastLogin: T0 });
      assert.deepEqual((await sessions.authenticate(session.id, T0))?.user, signedIn);
      const changed = await users.changeCredentials(user.id, 0, { passwordHash: '$hash-2' }, []);
      assert.deepEqual(changed, { ...signedIn, authEpoch: 1 });
    },
  },
  {
    name: 'nobody is found where nobody is',
    async run({ users }) {
      assert.equal(await users.findById(newId(T0)), null);
      assert.equal(await users.findForLogin(ALICE), null);
      assert.equal(await users.findCredentials(newId(T0)), null);
      assert.equal(await users.findByUndo('unknown', T0), null);
      assert.equal(await users.isTaken(ALICE, at(1)), false);
    },
  },
  {
    name: 'an address is refused twice, an id is refused twice',
    async run({ users }) {
      const user = aUser();
      await users.create(user);
      await assert.rejects(users.create(aUser()), EmailTakenError);
      const other = aUser({ id: user.id, email: BOB });
      await assert.rejects(users.create(other), EmailTakenError);
    },
  },
  {
    name: 'of parallel creations on one address exactly one wins',
    isRace: true,
    async run({ users }) {
      const outcomes = await race(() =>
        users.create(aUser()).then(
          () => 'created',
          (error: unknown) => {
            assert.ok(error instanceof EmailTakenError, String(error));
            return 'taken';
          },
        ),
      );
      assert.equal(outcomes.filter((outcome) => outcome === 'created').length, 1);
    },
  },
  {
    name: 'P1: a change of credentials applies, raises the epoch and queues its notice',
    async run({ users, outbox }) {
      const user = await users.create(aUser());
      const notice = aMessage();
      const changed = await users.changeCredentials(user.id, 0, { passwordHash: '$hash-2' }, [notice]);
      assert.deepEqual(changed, { ...user, authEpoch: 1 });
      assert.equal((await users.findForLogin(ALICE))?.passwordHash, '$hash-2');
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(1))), [notice.id]);
    },
  },
  {
    name: 'P1: a change of credentials queues as many notices as it has',
    async run({ users, outbox }) {
      const { id } = await users.create(aUser());
      const notices = Array.from({ length: 3 }, () => aMessage());
      await users.changeCredentials(id, 0, { passwordHash: '$hash-2' }, notices);
      assert.deepEqual(
        idsOf(await outbox.lease('mail', 10, 60, at(1))).toSorted(),
        idsOf(notices).toSorted(),
      );
    },
  },
  {
    name: 'P10: the proof of the mailbox is a change of credentials, alone or with a password',
    async run({ users }) {
      const alice = await users.create(aUser({ isVerified: false }));
      const bob = await users.create(aUser({ isVerified: false, email: BOB }));
      const proved = { isVerified: true, authEpoch: 1 };
      assert.deepEqual(await users.changeCredentials(alice.id, 0, { isVerified: true }, []), {
        ...alice,
        ...proved,
      });
      const changes = { isVerified: true, passwordHash: '$hash-2' } as const;
      assert.deepEqual(await users.changeCredentials(bob.id, 0, changes, []), { ...bob, ...proved });
      assert.equal((await users.findForLogin(ALICE))?.passwordHash, '$hash-1');
      assert.equal((await users.findForLogin(BOB))?.passwordHash, '$hash-2');
    },
  },
  {
    name: 'P1: a change that comes with another epoch changes nothing and queues nothing',
    async run({ users, outbox }) {
      const { id } = await users.create(aUser());
      assert.equal(await users.changeCredentials(id, 7, { passwordHash: '$hash-2' }, [aMessage()]), null);
      assert.equal(
        await users.changeCredentials(newId(T0), 0, { passwordHash: '$hash-2' }, [aMessage()]),
        null,
      );
      const login = await users.findForLogin(ALICE);
      assert.deepEqual([login?.passwordHash, login?.authEpoch], ['$hash-1', 0]);
      assert.deepEqual(idsOf(await outbox.lease('mail', 10, 60, at(1))), []);
    },
  },
  {
    name: 'P1: a disabled user has credentials that cannot be changed',
    async run({ users, accounts }) {
      const { id } = await users.create(aUser());
      await accounts.changeAccount(id, { isActive: false });
      assert.equal(await users.changeCredentials(id, 1, { passwordHash: '$hash-2' }, []), null);
    },
  },
  {
    name: 'P1: of parallel changes with one epoch exactly one wins, and what it set is what stands',
    isRace: true,
    async run({ users, outbox }) {
      const { id } = await users.create(aUser());
      const changed = await race((racer) =>
        users.changeCredentials(id, 0, { passwordHash: `$hash-of-${racer}` }, [aMessage()]),
      );
      const winners = changed.flatMap((user, racer) => (user ? [racer] : []));
      assert.equal(winners.length, 1);
      const login = await users.findForLogin(ALICE);
      assert.deepEqual([login?.passwordHash, login?.authEpoch], [`$hash-of-${winners[0]}`, 1]);
      assert.equal((await outbox.lease('mail', 100, 60, at(1))).length, 1);
    },
  },
  {
    name: 'P8: a hash is replaced once, by whoever knows the old one, and the epoch stays',
    isRace: true,
    async run({ users }) {
      const { id } = await users.create(aUser());
      const replaced = await race((racer) => users.replaceHash(id, '$hash-1', `$new-${racer}`));
      const winners = replaced.flatMap((won, racer) => (won ? [racer] : []));
      assert.equal(winners.length, 1);
      const login = await users.findForLogin(ALICE);
      assert.deepEqual([login?.passwordHash, login?.authEpoch], [`$new-${winners[0]}`, 0]);
    },
  },
];
