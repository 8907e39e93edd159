import type { MemoryStore } from '../../../libs/regstack/src/persistence/memory/memory.store';
import { recordOf, type StoredUser } from '../../../libs/regstack/src/persistence/memory/memory.tables';
import type { CredentialChanges, UserRecord } from '../../../libs/regstack/src/ports/user.repository';
import { type Mutants, replace } from './mutant';

const NONE: Partial<StoredUser> = { phoneNumber: null, totp: null, recoveryCodes: [], isMfaEnabled: false };

/** What the user becomes after a change of credentials, apart from what the store made of it. */
type Afterthought = (
  before: StoredUser,
  after: StoredUser,
  changes: CredentialChanges,
) => Partial<StoredUser>;

/** Every change of credentials, and every move, has an afterthought. */
const afterwards =
  (thought: Afterthought) =>
  ({ users, tables }: MemoryStore): void => {
    const [change, move] = [users.changeCredentials.bind(users), users.changeEmail.bind(users)];
    const think = (before: StoredUser | undefined, changes: CredentialChanges): UserRecord => {
      const after = tables.users.get(before!.id)!;
      const user = { ...after, ...thought(before!, after, changes) };
      tables.users.set(user.id, user);
      return recordOf(user);
    };
    replace(users, {
      async changeCredentials(id, epoch, changes, ...others) {
        const before = tables.users.get(id);
        return (await change(id, epoch, changes, ...others)) && think(before, changes);
      },
      async changeEmail(id, ...others) {
        const before = tables.users.get(id);
        return (await move(id, ...others)) && think(before, { isVerified: true });
      },
    });
  };

const isFirstProof = (before: StoredUser, after: StoredUser): boolean =>
  !before.isVerified && after.isVerified;

const factorsIn = ({
  phoneNumber,
  totp,
  recoveryCodes,
  isMfaEnabled,
}: Partial<StoredUser>): Partial<StoredUser> => ({
  ...(phoneNumber !== undefined && { phoneNumber }),
  ...(totp !== undefined && { totp }),
  ...(recoveryCodes && { recoveryCodes }),
  ...(isMfaEnabled !== undefined && { isMfaEnabled }),
});

/** Any proof drops what was there, not the first one only. */
const dropAtEveryProof = afterwards((_before, _after, { isVerified }) => (isVerified ? NONE : {}));

/** What is proved is written before the epoch is compared. */
const dropFirst = ({ users, tables }: MemoryStore): void => {
  const change = users.changeCredentials.bind(users);
  replace(users, {
    async changeCredentials(id, epoch, changes, ...others) {
      const user = tables.users.get(id);
      if (user && changes.isVerified && !user.isVerified) tables.users.set(id, { ...user, ...NONE });
      return change(id, epoch, changes, ...others);
    },
  });
};

/** The session that is kept gets the new epoch without a look at whose it is, or of which epoch; or before anything is compared. */
const keepWithoutLook =
  (looks: { readonly isOwn?: boolean; readonly isOfEpoch?: boolean; readonly isAfter?: boolean }) =>
  ({ users, tables }: MemoryStore): void => {
    const change = users.changeCredentials.bind(users);
    replace(users, {
      async changeCredentials(id, epoch, changes, notices, keptId = '') {
        const changed = await change(id, epoch, changes, notices);
        const session = tables.sessions.get(keptId);
        const isKept =
          (!looks.isOwn || session?.userId === id) &&
          (!looks.isOfEpoch || session?.authEpoch === epoch) &&
          (!looks.isAfter || changed !== null);
        if (session && isKept) tables.sessions.set(keptId, { ...session, authEpoch: epoch + 1 });
        return changed;
      },
    });
  };

/** Codes are kept as one text, and a code is what is found in it. */
const codesAsText = ({ users, tables }: MemoryStore): void =>
  replace(users, {
    async useRecoveryCode(id, epoch, code) {
      const user = tables.users.get(id);
      const text = user?.recoveryCodes.join('.');
      if (user?.authEpoch !== epoch || !text?.includes(code)) return null;
      const recoveryCodes = text.replace(code, '').split('.').filter(Boolean);
      tables.users.set(id, { ...user, recoveryCodes });
      return recoveryCodes.length;
    },
  });

/** A user is removed, and some of what is about them stays. */
const leaveBehind =
  (table: 'challenges' | 'trustedDevices' | 'outbox') =>
  ({ accounts, tables }: MemoryStore): void => {
    const remove = accounts.remove.bind(accounts);
    replace(accounts, {
      async remove(id, removal) {
        const rows = new Map<string, never>(tables[table] as Map<string, never>);
        const removed = await remove(id, removal);
        for (const [key, row] of rows) (tables[table] as Map<string, never>).set(key, row);
        return removed;
      },
    });
  };

/** Cases of second factors that only a look into the tables can break. */
export const memoryFactorsMutants: Mutants<MemoryStore> = {
  'users: P1: each of the four is set by itself, and what a change does not name, or names as undefined, stays':
    afterwards((_before, _after, { totp }) => (totp ? {} : { totp: null })),
  'users: P1: null takes a factor away, an empty list the recovery codes; what it leaves is as if it had never been':
    afterwards(({ phoneNumber }, after) => ({ phoneNumber: after.phoneNumber ?? phoneNumber })),
  'users: P1: a session of somebody else is not kept, and stays theirs': keepWithoutLook({
    isOfEpoch: true,
    isAfter: true,
  }),
  'users: P1: a session that an earlier change has ended does not come back by being kept': keepWithoutLook({
    isOwn: true,
    isAfter: true,
  }),
  'users: P1: a change that lost, or is of a disabled user, keeps no session: it stays dead': keepWithoutLook(
    {
      isOwn: true,
      isOfEpoch: true,
    },
  ),
  'users: P10: the first proof of the mailbox drops phone, authenticator app, recovery codes and the asking for them':
    afterwards((before, after) => (isFirstProof(before, after) ? { totp: before.totp } : {})),
  'users: P10: … also with a new password, and the planted codes and steps are worth nothing from then on':
    afterwards((before, after, { passwordHash }) =>
      passwordHash && isFirstProof(before, after) ? { recoveryCodes: before.recoveryCodes } : {},
    ),
  'users: P10: … also those that come with the very change that proves it': afterwards(
    (_before, _after, changes) => factorsIn(changes),
  ),
  'users: P10, R46: a move to another address proves that one and drops nothing; its undo, of no epoch, drops all':
    afterwards((before, after) =>
      before.email === after.email
        ? {}
        : { phoneNumber: null, totp: null, recoveryCodes: [], isMfaEnabled: false },
    ),
  'users: P10: who is verified already keeps every factor over another proof, and over a move; what comes with the proof is set':
    dropAtEveryProof,
  'users: P10: only the first proof drops them: what is enrolled after it stays': dropAtEveryProof,
  'users: P10: a proof that lost drops nothing, and proves nothing': dropFirst,
  'users: R48: a code of somebody else, of nobody, a part of one, several in one or any odd text is none, and takes none':
    codesAsText,
  'users: R48: a new set takes the place of the old one, and of what was used of it': afterwards(
    (before, after, { recoveryCodes }) =>
      recoveryCodes ? { recoveryCodes: [...before.recoveryCodes, ...after.recoveryCodes] } : {},
  ),
  'accounts: R40: with a user go the challenges that are theirs by user, whatever they are about and of whatever epoch, and the messages that carry them':
    leaveBehind('challenges'),
  'accounts: R40: with a user go the messages to their number, also one that a worker holds; those to another number, or to part of it, stay':
    leaveBehind('outbox'),
  'accounts: R40: with a user goes the trust in their devices, of every epoch; somebody else trusts the same device still':
    leaveBehind('trustedDevices'),
};
