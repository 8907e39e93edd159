import type { Store } from '../../../libs/regstack/src/ports/store';
import type {
  CredentialChanges,
  EmailUndo,
  UserRecord,
} from '../../../libs/regstack/src/ports/user.repository';
import { gate, type Mutants, pause, replace } from './mutant';

/** Makes a change at whatever epoch the user is of by then. */
async function changeAnyway(
  { users }: Store,
  change: Store['users']['changeCredentials'],
  id: string,
  ...others: [CredentialChanges, Parameters<typeof change>[3], string?]
): Promise<UserRecord> {
  for (;;) {
    const changed = await change(id, (await users.findById(id))!.authEpoch, ...others);
    if (changed) return changed;
  }
}

/** The epoch is compared by a look, then the change is made. */
const changeByLook = (store: Store): void => {
  const change = store.users.changeCredentials.bind(store.users);
  replace(store.users, {
    async changeCredentials(id, expectedEpoch, ...others) {
      const found = await store.users.findById(id);
      await pause();
      return found?.authEpoch === expectedEpoch ? changeAnyway(store, change, id, ...others) : null;
    },
  });
};

/** The same, and the proof of the mailbox comes between the look and the write of everybody else. */
const plantAfterProof = (store: Store): void => {
  const proved = gate();
  const change = store.users.changeCredentials.bind(store.users);
  replace(store.users, {
    async changeCredentials(id, expectedEpoch, changes, ...others) {
      const found = await store.users.findById(id);
      await pause();
      const anyway = () => changeAnyway(store, change, id, changes, ...others);
      if (changes.isVerified) return anyway().finally(proved.open);
      await proved.opened;
      return found?.authEpoch === expectedEpoch ? anyway() : null;
    },
  });
};

/** The epoch is compared by a look, then the appointment is made. */
const appointByLook = (store: Store): void => {
  const appoint = store.users.appoint.bind(store.users);
  replace(store.users, {
    async appoint(id, expectedEpoch, ...others) {
      const found = await store.users.findById(id);
      await pause();
      return found?.authEpoch === expectedEpoch ? changeAnyway(store, appoint, id, ...others) : null;
    },
  });
};

/** The last step is compared by a look, then raised. */
const stepByLook = ({ users }: Store): void => {
  const use = users.useTotpStep.bind(users);
  replace(users, {
    async useTotpStep(id, epoch, step) {
      const found = await users.findCredentials(id);
      await pause();
      await use(id, epoch, step);
      return (found?.totp?.lastStep ?? step) < step;
    },
  });
};

/** What is left is counted by a look, then the code is taken. */
const codeByLook = ({ users }: Store): void => {
  const use = users.useRecoveryCode.bind(users);
  replace(users, {
    async useRecoveryCode(id, epoch, code) {
      const found = await users.findCredentials(id);
      await pause();
      await use(id, epoch, code);
      return found!.recoveryCodesLeft - 1;
    },
  });
};

/** The codes are read, and written back without the one that was used. */
const codesByCopy = (store: Store): void => {
  const stored = new Map<string, readonly string[]>();
  const change = store.users.changeCredentials.bind(store.users);
  replace(store.users, {
    async changeCredentials(id, epoch, changes, ...others) {
      const changed = await change(id, epoch, changes, ...others);
      if (changed && changes.recoveryCodes) stored.set(id, changes.recoveryCodes);
      return changed;
    },
    async useRecoveryCode(id, _epoch, code) {
      const recoveryCodes = stored.get(id)!.filter((one) => one !== code);
      await pause();
      await changeAnyway(store, change, id, { recoveryCodes }, []);
      return recoveryCodes.length;
    },
  });
};

/** Steps and codes count at whatever epoch. */
const useAtAnyEpoch = ({ users }: Store): void => {
  const [useStep, useCode] = [users.useTotpStep.bind(users), users.useRecoveryCode.bind(users)];
  const epochOf = async (id: string): Promise<number> => (await users.findById(id))?.authEpoch ?? 0;
  replace(users, {
    useTotpStep: async (id, _epoch, step) => useStep(id, await epochOf(id), step),
    useRecoveryCode: async (id, _epoch, code) => useCode(id, await epochOf(id), code),
  });
};

/** What opens an undo says another epoch than that of the user before. */
const undoSince =
  (epochOf: (undo: EmailUndo, expectedEpoch: number) => number) =>
  ({ users }: Store): void => {
    const move = users.changeEmail.bind(users);
    replace(users, {
      changeEmail: (id, epoch, { email, undo }, ...others) =>
        move(id, epoch, { email, undo: { ...undo, authEpoch: epochOf(undo, epoch) } }, ...others),
    });
  };

const keepAllFactors = undoSince(() => 1_000_000);

/** Cases of users with second factors, on any store. */
export const storeUsersMutants: Mutants<Store> = {
  'users: P1, R46: of parallel changes of factors exactly one wins, and the factors are its own, all of them':
    changeByLook,
  'users: P1, R46: of parallel changes that each keep their own session exactly one wins, and its session alone lives':
    changeByLook,
  'users: W11: of parallel appointments and changes by others exactly one wins, and the password is its own':
    appointByLook,
  'users: W11, P9: of an appointment and an undo that come together exactly one wins': appointByLook,
  'users: W11, P9: with an appointment the undo of a change of address is over: nobody takes the account back, and the address before is free':
    ({ users, accounts }) =>
      replace(users, {
        async appoint(...appointment) {
          const changed = await users.changeCredentials(...appointment);
          if (changed) await accounts.changeAccount(changed.id, { isSuperuser: true });
          return changed;
        },
      }),
  'users: P10: of a proof and plantings that come together no planting is left, whichever of them is first':
    plantAfterProof,
  'users: P7: of parallel uses of one step exactly one counts': stepByLook,
  'users: P7: of parallel uses of several steps none counts twice, and the last one that is stored is the greatest that counted':
    stepByLook,
  'users: R48: of parallel uses of one code exactly one counts': codeByLook,
  'users: R48: of ten codes that are used three times each at once every one counts once, and no use is lost':
    codeByLook,
  'users: R48, P1: of a use of an old code and a new set that come together the new set is left whole':
    codesByCopy,
  'users: P1, R46: the session that is kept goes on with the new epoch; every other one is left with its old one, and so is dead':
    ({ users }) => {
      const change = users.changeCredentials.bind(users);
      replace(users, {
        changeCredentials: (id, epoch, changes, notices) => change(id, epoch, changes, notices),
      });
    },
  'users: P7: a later step counts once; it and every earlier one are refused from then on, and nothing else changes':
    ({ users }) => {
      const use = users.useTotpStep.bind(users);
      replace(users, {
        async useTotpStep(id, epoch, step) {
          const isLast = (await users.findCredentials(id))?.totp?.lastStep === step;
          return isLast || use(id, epoch, step);
        },
      });
    },
  'users: P7: a step is refused at another epoch, and of whoever is disabled, unknown or without an app':
    useAtAnyEpoch,
  'users: R48: a code is refused at another epoch, and of whoever is disabled, unknown or without codes; it is not used up':
    useAtAnyEpoch,
  'users: P9: an undo takes each factor that was set after the change of address, keeps each from before it, and with the last one goes the rest: in every combination':
    keepAllFactors,
  'users: P9: a factor of the last epoch before the change of address stays, one of the first epoch after it goes':
    undoSince(({ authEpoch }) => authEpoch - 1),
  'users: P9: a factor, or a set of codes, that was replaced after the change of address goes; the one from before does not come back':
    keepAllFactors,
  'users: P9: a factor that was taken away and set again before the change of address, or later than other changes, goes by when it was set last':
    keepAllFactors,
  'users: P9: what is kept is kept as it is: the last step, the codes that are left, and that sign-in does not ask':
    undoSince(() => 0),
  'users: P9: over A → B → C an undo to A takes what was set since A, one to B what was set since B':
    undoSince((_undo, expectedEpoch) => expectedEpoch),
};
