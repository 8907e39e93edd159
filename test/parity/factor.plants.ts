import type { Answer } from './performance';
import { oneGuessMore } from '../support/one-guess-more';
import { replace } from '../support/replace';
import { both, type Plant } from './plant';

/** Differences in what stores decide about second factors; each must be found. */
export const FACTOR_PLANTS: Readonly<Record<string, Plant>> = {
  'one guess too many for a sign-in': {
    plant: oneGuessMore,
    shows: (expected, found) =>
      both(expected, found, /mfa\.challenge_expired/, /mfa\.code_wrong|access_token|mfa\.locked/) ||
      // By a code of a text, whose guesses are counted as well.
      both(expected, found, /mfa\.code_wrong/, /phone_number|access_token|removed/),
  },

  'guesses that are not counted': {
    plant: ({ challenges }) => replace(challenges, 'countGuess', () => async () => true),
    shows: (expected, found) =>
      both(
        expected,
        found,
        /mfa\.challenge_expired|mfa\.code_wrong/,
        /access_token|phone_number|removed|code_wrong|locked/,
      ),
  },

  'a budget that is said to be spent one later': {
    plant: ({ budgets }) =>
      replace(budgets, 'isSpent', (isSpent) => (key, limit, now) => isSpent(key, limit + 1, now)),
    // A text that nobody could use the code of, or that one which the number has no room for.
    shows: (expected, found) =>
      expected.texts.length < found.texts.length ||
      both(expected, found, /mfa\.locked/, /sms\.limited|on its way|code_sent/),
  },

  'a time step that is forgotten': {
    plant: ({ users, tables }) =>
      replace(users, 'useTotpStep', (use) => async (id, ...rest) => {
        const user = tables.users.get(id);
        const isUsed = await use(id, ...rest);
        if (isUsed) tables.users.set(id, user!);
        return isUsed;
      }),
    shows: (expected, found) =>
      both(expected, found, /mfa\.code_wrong/, /access_token|removed|authenticated_at/),
  },

  'an enrolment that uses no time step up': {
    plant: ({ users }) =>
      replace(users, 'changeCredentials', (change) => (id, epoch, { totp, ...changes }, ...rest) => {
        const factor = totp && { ...totp, lastStep: 0 };
        return change(id, epoch, { ...changes, ...(totp !== undefined && { totp: factor }) }, ...rest);
      }),
    shows: (expected, found) =>
      both(expected, found, /mfa\.code_wrong/, /access_token|removed|authenticated_at|code_sent/),
  },

  'a recovery code that can be used again': {
    plant: ({ users, tables }) =>
      replace(users, 'useRecoveryCode', (use) => async (id, ...rest) => {
        const user = tables.users.get(id);
        const left = await use(id, ...rest);
        if (left !== null) tables.users.set(id, user!);
        return left;
      }),
    shows: (expected, found) =>
      both(expected, found, /mfa\.code_wrong|9 .*left|8 .*left/, /access_token|left/),
  },

  'a set of recovery codes beside the one before': {
    plant: ({ users, tables }) =>
      replace(users, 'changeCredentials', (change) => (id, epoch, changes, ...rest) => {
        const { recoveryCodes: former = [] } = tables.users.get(id) ?? {};
        const all = changes.recoveryCodes && [...former, ...changes.recoveryCodes];
        return change(id, epoch, { ...changes, ...(all && { recoveryCodes: all }) }, ...rest);
      }),
    shows: (expected, found) =>
      both(expected, found, /mfa\.code_wrong|\d+ .*left/, /access_token|recovery_codes|left/),
  },

  'a session that ends with the change that it made': {
    plant: ({ users }) =>
      replace(
        users,
        'changeCredentials',
        (change) => (id, epoch, changes, notices) => change(id, epoch, changes, notices),
      ),
    // By its own token, or in the list of those that are open.
    shows: (expected, found) =>
      (expected.status !== 401 && found.status === 401) || sessionsIn(expected) > sessionsIn(found),
  },

  'a code that outlives the one after it': {
    plant: ({ challenges, tables }) =>
      replace(challenges, 'issue', (issue) => async (challenge, message) => {
        const older = [...tables.challenges.values()].filter(({ kind }) => kind === 'sms-code');
        await issue(challenge, message);
        const newest = tables.challenges.get(challenge.id);
        tables.challenges.delete(challenge.id);
        // The first that is found is the one that counts.
        for (const one of older) tables.challenges.set(one.id, one);
        if (newest) tables.challenges.set(newest.id, newest);
      }),
    // The older one is right, or the newer one is wrong.
    shows: (expected, found) =>
      [expected, found].filter(({ body }) => body.includes('mfa.code_wrong')).length === 1,
  },

  'an undo that takes factors of before': {
    plant: ({ users, tables }) =>
      replace(users, 'undoEmailChange', (undo) => (id, ...rest) => {
        const user = tables.users.get(id);
        const epochs = { phoneEpoch: Infinity, totpEpoch: Infinity, recoveryEpoch: Infinity };
        if (user) tables.users.set(id, { ...user, ...epochs });
        return undo(id, ...rest);
      }),
    shows: (expected, found) =>
      both(expected, found, /"?is_mfa_enabled\W+true|isMfaEnabled\W+true/, /is_?mfa_?enabled\W+false/i),
  },

  'an undo that leaves factors of since': {
    plant: ({ users, tables }) =>
      replace(users, 'undoEmailChange', (undo) => (id, ...rest) => {
        const user = tables.users.get(id);
        if (user) tables.users.set(id, { ...user, phoneEpoch: 0, totpEpoch: 0, recoveryEpoch: 0 });
        return undo(id, ...rest);
      }),
    shows: (expected, found) => expected.body !== found.body,
  },

  'a first proof that leaves what was planted': {
    plant: ({ users, tables }) =>
      replace(users, 'changeCredentials', (change) => async (id, epoch, changes, ...rest) => {
        const before = tables.users.get(id);
        const changed = await change(id, epoch, changes, ...rest);
        if (!changed || !before || before.isVerified) return changed;
        const { phoneNumber, totp, recoveryCodes, isMfaEnabled } = before;
        const kept = changes.isVerified ? { phoneNumber, totp, recoveryCodes, isMfaEnabled } : {};
        tables.users.set(id, { ...tables.users.get(id)!, ...kept });
        return { ...changed, ...(changes.isVerified && { phoneNumber, isMfaEnabled }) };
      }),
    shows: (expected, found) => both(expected, found, /mfa_?enabled\W+false/i, /mfa_?enabled\W+true/i),
  },

  'a device that is trusted in the moment of its end': {
    plant: ({ trustedDevices }) =>
      replace(
        trustedDevices,
        'isTrusted',
        (isTrusted) => (id, device, epoch, now) => isTrusted(id, device, epoch, new Date(now.getTime() - 1)),
      ),
    shows: (expected, found) => both(expected, found, /mfa_required/, /access_token/),
  },
};

const sessionsIn = ({ body }: Answer): number => body.match(/"last_seen_at"/g)?.length ?? 0;
