import type { MemoryStore } from '@regstack/nestjs/testing';
import { oneGuessMore } from '../support/one-guess-more';
import { replace } from '../support/replace';

/** Defects of second factors, each of one line of the protocols. */
export const FACTOR_PLANTS: Readonly<Record<string, (store: MemoryStore) => void>> = {
  'P7: a time step counts twice': ({ users, tables }) =>
    replace(users, 'useTotpStep', (use) => async (id, ...rest) => {
      const user = tables.users.get(id)!;
      const isUsed = await use(id, ...rest);
      if (isUsed) tables.users.set(id, user);
      return isUsed;
    }),

  'P7: the step of an enrolment is not used up': ({ users }) =>
    replace(users, 'changeCredentials', (change) => (id, epoch, { totp, ...changes }, ...rest) => {
      const app = totp && { ...totp, lastStep: 0 };
      return change(id, epoch, totp === undefined ? changes : { ...changes, totp: app! }, ...rest);
    }),

  'P7: an earlier step counts after a later one': ({ users, tables }) =>
    replace(users, 'useTotpStep', () => async (id, authEpoch, step) => {
      const user = tables.users.get(id);
      if (user?.authEpoch !== authEpoch || !user.totp || user.totp.lastStep === step) return false;
      tables.users.set(id, { ...user, totp: { ...user.totp, lastStep: step } });
      return true;
    }),

  'P7: a recovery code counts twice': ({ users, tables }) =>
    replace(users, 'useRecoveryCode', (use) => async (id, ...rest) => {
      const user = tables.users.get(id)!;
      const left = await use(id, ...rest);
      if (left !== null) tables.users.set(id, user);
      return left;
    }),

  'R48: a new set of recovery codes leaves the old one': ({ users, tables }) =>
    replace(users, 'changeCredentials', (change) => (id, epoch, changes, ...rest) => {
      const former = tables.users.get(id)?.recoveryCodes ?? [];
      const all = changes.recoveryCodes && [...changes.recoveryCodes, ...former];
      return change(id, epoch, all ? { ...changes, recoveryCodes: all } : changes, ...rest);
    }),

  'section 2: a sign-in has one guess more': oneGuessMore,

  'section 2: another text makes room for guesses': ({ challenges, tables }) =>
    replace(challenges, 'issue', (issue) => async (challenge, message) => {
      await issue(challenge, message);
      const about = tables.challenges.get(challenge.subjectId);
      if (challenge.kind === 'sms-code' && about) tables.challenges.set(about.id, { ...about, guesses: 0 });
    }),

  'section 2: an account has one wrong code more': ({ budgets }) =>
    replace(
      budgets,
      'reserve',
      (reserve) =>
        (key, limit, ...rest) =>
          reserve(key, key.startsWith('mfa:') ? limit + 1 : limit, ...rest),
    ),

  'section 2: a right code is not taken back': ({ budgets }) =>
    replace(budgets, 'refund', (refund) => async (key, openedAt) => {
      if (!key.startsWith('mfa:')) await refund(key, openedAt);
    }),

  'section 2: wrong codes of an account are forgotten with a right one': ({ budgets }) =>
    replace(
      budgets,
      'refund',
      (refund) => (key, openedAt) => (key.startsWith('mfa:') ? budgets.forget(key) : refund(key, openedAt)),
    ),

  'section 2: texts of an account have no end': ({ budgets }) => {
    let count = 0;
    replace(
      budgets,
      'reserve',
      (reserve) =>
        (key, ...rest) =>
          reserve(key.startsWith('sms-') ? `${key}${(count += 1)}` : key, ...rest),
    );
  },

  'section 2: where a budget is spent a text is sent all the same': ({ budgets }) =>
    replace(budgets, 'isSpent', () => async () => false),

  'W21: a newer code leaves the older one alive': ({ challenges, tables }) =>
    replace(challenges, 'issue', (issue) => async (challenge, message) => {
      const older = [...tables.challenges.values()].filter(({ kind }) => kind === 'sms-code');
      await issue(challenge, message);
      const newest = tables.challenges.get(challenge.id);
      tables.challenges.delete(challenge.id);
      for (const one of older) tables.challenges.set(one.id, one);
      if (newest) tables.challenges.set(newest.id, newest);
    }),

  'P1: the session that changed the factors ends too': ({ users }) =>
    replace(
      users,
      'changeCredentials',
      (change) => (id, epoch, changes, notices) => change(id, epoch, changes, notices),
    ),

  'P1: other sessions outlive a change of factors': ({ users, sessions, tables }) => {
    replace(sessions, 'closeAllFor', () => async () => {});
    replace(users, 'changeCredentials', (change) => async (id, epoch, changes, notices, kept) => {
      const changed = await change(id, epoch, changes, notices, kept);
      if (changed && kept !== undefined)
        for (const one of tables.sessions.values())
          if (one.userId === id && one.authEpoch === epoch)
            tables.sessions.set(one.id, { ...one, authEpoch: changed.authEpoch });
      return changed;
    });
  },

  'P1: a sign-in that waits outlives a change of the credentials': ({ users, challenges, tables }) => {
    replace(challenges, 'dropAllFor', () => async () => {});
    replace(users, 'changeCredentials', (change) => async (id, ...rest) => {
      const changed = await change(id, ...rest);
      for (const one of changed ? tables.challenges.values() : [])
        if (one.userId === id && one.kind === 'sign-in')
          tables.challenges.set(one.id, { ...one, authEpoch: changed!.authEpoch });
      return changed;
    });
  },

  'P9: an undo leaves factors of since': ({ users, tables }) =>
    replace(users, 'undoEmailChange', (undo) => (id, ...rest) => {
      const user = tables.users.get(id);
      if (user) tables.users.set(id, { ...user, phoneEpoch: 0, totpEpoch: 0, recoveryEpoch: 0 });
      return undo(id, ...rest);
    }),

  'P9: an undo takes factors of before': ({ users, tables }) =>
    replace(users, 'undoEmailChange', (undo) => (id, ...rest) => {
      const user = tables.users.get(id);
      const late = { phoneEpoch: Infinity, totpEpoch: Infinity, recoveryEpoch: Infinity };
      if (user) tables.users.set(id, { ...user, ...late });
      return undo(id, ...rest);
    }),

  'P10: the first proof leaves a planted factor': ({ users, tables }) =>
    replace(users, 'changeCredentials', (change) => async (id, epoch, changes, ...rest) => {
      const before = tables.users.get(id);
      const changed = await change(id, epoch, changes, ...rest);
      if (!changed || !before || before.isVerified || !changes.isVerified) return changed;
      const { phoneNumber, isMfaEnabled } = before;
      tables.users.set(id, { ...tables.users.get(id)!, phoneNumber, isMfaEnabled });
      return { ...changed, phoneNumber, isMfaEnabled };
    }),
};
