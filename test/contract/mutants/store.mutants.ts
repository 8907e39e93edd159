import type { NewChallenge } from '../../../libs/regstack/src/ports/challenge.repository';
import { toldOf } from '../../../libs/regstack/src/ports/account-changes';
import type { Store } from '../../../libs/regstack/src/ports/store';
import { type Mutants, pause, replace } from './mutant';
import { storeUsersMutants } from './store.users.mutants';

/** Guesses are counted by a look, then written. */
const guessByLook = ({ challenges }: Store): void => {
  const counted = new Map<string, number>();
  replace(challenges, {
    async countGuess(id, limit) {
      const before = counted.get(id) ?? 0;
      await pause();
      counted.set(id, before + 1);
      return before < limit;
    },
  });
};

/** Guesses are counted under a name that is not the challenge's own, and without a look at the challenge. */
const guessUnder =
  (nameOf: (challenge: Pick<NewChallenge, 'subjectId'>) => string, startsAnew = false) =>
  ({ challenges }: Store): void => {
    const counted = new Map<string, number>();
    const names = new Map<string, string>();
    const issue = challenges.issue.bind(challenges);
    replace(challenges, {
      issue(challenge, message) {
        const name = nameOf(challenge);
        names.set(challenge.id, name);
        if (startsAnew) counted.delete(name);
        return issue(challenge, message);
      },
      async countGuess(id, limit) {
        const name = names.get(id) ?? id;
        const before = counted.get(name) ?? 0;
        counted.set(name, before + 1);
        return before < limit;
      },
    });
  };

/** The number is read from the row that is there, and stored with the code of another. */
const issueWithNumberFound = ({ challenges }: Store): void => {
  const numbers = new Map<string, string | null>();
  const issue = challenges.issue.bind(challenges);
  replace(challenges, {
    async issue(challenge, message) {
      const phoneNumber = numbers.get(challenge.subjectId) ?? null;
      numbers.set(challenge.subjectId, challenge.phoneNumber);
      await pause();
      await issue({ ...challenge, phoneNumber }, message);
    },
  });
};

/** What is told goes by a look at the user before the change. */
const tellByLook = ({ accounts, outbox, users }: Store): void => {
  const changeAccount = accounts.changeAccount.bind(accounts);
  replace(accounts, {
    async changeAccount(id, changes, notices = {}) {
      const found = await users.findById(id);
      await pause();
      const changed = await changeAccount(id, changes);
      for (const notice of toldOf(found!, changes, notices)) await outbox.enqueue(notice);
      return changed;
    },
  });
};

/** A trust is looked for and ended, then the new one stored, in a row of its own. */
const trustByLook = ({ trustedDevices }: Store): void => {
  const deviceIds = new Map<string, string>();
  const [trust, listFor] = [
    trustedDevices.trust.bind(trustedDevices),
    trustedDevices.listFor.bind(trustedDevices),
  ];
  replace(trustedDevices, {
    async trust(device) {
      const { id, userId, deviceId, authEpoch, createdAt } = device;
      const found = await listFor(userId, authEpoch, createdAt);
      await pause();
      for (const one of found)
        if (deviceIds.get(one.id) === deviceId) await trustedDevices.distrust(userId, one.id);
      deviceIds.set(id, deviceId);
      // What would save it is that a user and a device have one row.
      await trust({ ...device, deviceId: id });
    },
    async listFor(...query) {
      const found = await listFor(...query);
      return Array.from(found, (one) => ({ ...one, deviceId: deviceIds.get(one.id)! }));
    },
    async isTrusted(userId, deviceId, authEpoch, now) {
      return (await trustedDevices.listFor(userId, authEpoch, now)).some((one) => one.deviceId === deviceId);
    },
  });
};

/** The trust is found, then ended: whoever found it has ended it. */
const distrustByLook = ({ trustedDevices }: Store): void => {
  const distrust = trustedDevices.distrust.bind(trustedDevices);
  replace(trustedDevices, {
    async distrust(userId, id) {
      const found = await trustedDevices.listFor(userId, 0, new Date(0));
      await pause();
      await distrust(userId, id);
      return found.some((one) => one.id === id);
    },
  });
};

/** One queue for all: whoever asks is handed what has waited longest, whichever way it leaves. */
const leaseOfAnyChannel = ({ outbox }: Store): void => {
  const lease = outbox.lease.bind(outbox);
  replace(outbox, {
    async lease(_channel, limit, ...until) {
      const texts = await lease('sms', limit, ...until);
      return texts.length < limit
        ? [...texts, ...(await lease('mail', limit - texts.length, ...until))]
        : texts;
    },
  });
};

/** Cases that ports alone are enough to break: mutants of any store. */
export const storeMutants: Mutants<Store> = {
  'accounts: P2: of parallel disablings one is told, and it is that of the one which found the user active':
    tellByLook,
  ...storeUsersMutants,
  'challenges: R43, W06: of parallel guesses exactly the limit counts': guessByLook,
  'challenges: R43: guesses at two challenges are counted apart, and a limit may differ from one to the next':
    guessUnder(() => 'all'),
  'challenges: R43: no guess counts at a challenge that is used, replaced, dropped, unknown or over, to the millisecond':
    guessUnder(({ subjectId }) => subjectId),
  'challenges: R43: a challenge that takes the place of another starts without guesses; the other one’s are lost with it':
    guessUnder(({ subjectId }) => subjectId),
  'challenges: R30, R43: a challenge of an older epoch, dead as it comes, neither takes guesses nor gives any back':
    guessUnder(({ subjectId }) => subjectId, true),
  'challenges: P7, W07: of parallel guesses that are all right exactly one uses the challenge up, and none counts afterwards':
    ({ challenges }) => {
      const consume = challenges.consume.bind(challenges);
      replace(challenges, {
        // It is gone afterwards; that this call did it nobody has looked.
        consume: async (id, now) => (await consume(id, now)) || true,
      });
    },
  'challenges: W21: a newer challenge brings its own user, number and text, and nothing of the one before':
    issueWithNumberFound,
  'challenges: R30: of parallel issues of a number’s code one challenge lives, with the number and the code of one and the same issue':
    issueWithNumberFound,
  'budgets: R43: asking takes no slot, opens no window and refuses nobody': ({ budgets }) =>
    replace(budgets, {
      isSpent: async (key, limit, now) => !(await budgets.reserve(key, limit, 900, now)).granted,
    }),
  'trustedDevices: a device that is trusted again is trusted as of then: the trust before is gone, of whatever epoch, and no other user’s':
    trustByLook,
  'trustedDevices: of parallel trusts in one device exactly one is left, whole': trustByLook,
  'trustedDevices: of parallel endings of one trust exactly one ends it': distrustByLook,
  'outbox: mails and texts are leased apart, each oldest first; the kind tells which a message is':
    leaseOfAnyChannel,
  'outbox: texts in any number that wait, are dead or cannot be sent keep no mail back': leaseOfAnyChannel,
};
