import { accountAdminsContract } from './account-admins.contract';
import { accountChangesContract } from './account-changes.contract';
import { accountListContract } from './account-list.contract';
import { accountNoticesContract } from './account-notices.contract';
import { accountRemovalContract } from './account-removal.contract';
import { accountRemovalFactorsContract } from './account-removal-factors.contract';
import { appointmentContract } from './appointment.contract';
import { auditContract } from './audit.contract';
import { budgetContract } from './budget.contract';
import { budgetSpentContract } from './budget-spent.contract';
import { challengeContract } from './challenge.contract';
import { challengeGuessContract } from './challenge-guess.contract';
import { challengeSubjectContract } from './challenge-subject.contract';
import type { ContractCase } from './contract';
import { factorChangesContract } from './factor-changes.contract';
import { factorUndoContract } from './factor-undo.contract';
import { firstProofContract } from './first-proof.contract';
import { keptSessionContract } from './kept-session.contract';
import { keyUseContract } from './key-use.contract';
import { outboxContract } from './outbox.contract';
import { outboxListContract } from './outbox-list.contract';
import { pendingRegistrationContract } from './pending-registration.contract';
import { recoveryCodeContract } from './recovery-code.contract';
import { resealContract } from './reseal.contract';
import { sessionContract } from './session.contract';
import { sessionListContract } from './session-list.contract';
import { storeContract } from './store.contract';
import { sweeperContract } from './sweeper.contract';
import { totpStepContract } from './totp-step.contract';
import { trustedDeviceContract } from './trusted-device.contract';
import { userContract } from './user.contract';
import { userEmailContract } from './user-email.contract';
import { userUndoContract } from './user-undo.contract';

/** The contract of every port, by the name of the port. Run each case on an empty store of yours. */
export const PORT_CONTRACTS: Readonly<Record<string, readonly ContractCase[]>> = {
  store: storeContract,
  users: [
    ...userContract,
    ...userEmailContract,
    ...userUndoContract,
    ...factorChangesContract,
    ...keptSessionContract,
    ...totpStepContract,
    ...recoveryCodeContract,
    ...firstProofContract,
    ...factorUndoContract,
    ...appointmentContract,
  ],
  accounts: [
    ...accountChangesContract,
    ...accountAdminsContract,
    ...accountNoticesContract,
    ...accountRemovalContract,
    ...accountRemovalFactorsContract,
    ...accountListContract,
  ],
  pendingRegistrations: pendingRegistrationContract,
  sessions: [...sessionContract, ...sessionListContract],
  challenges: [...challengeContract, ...challengeGuessContract, ...challengeSubjectContract],
  budgets: [...budgetContract, ...budgetSpentContract],
  outbox: [...outboxContract, ...outboxListContract],
  audit: auditContract,
  trustedDevices: trustedDeviceContract,
  keyUses: [...keyUseContract, ...resealContract],
  sweeper: sweeperContract,
};
