import { accountAdminsContract } from './account-admins.contract';
import { accountChangesContract } from './account-changes.contract';
import { accountListContract } from './account-list.contract';
import { accountRemovalContract } from './account-removal.contract';
import { auditContract } from './audit.contract';
import { budgetContract } from './budget.contract';
import { challengeContract } from './challenge.contract';
import type { ContractCase } from './contract';
import { outboxContract } from './outbox.contract';
import { pendingRegistrationContract } from './pending-registration.contract';
import { sessionContract } from './session.contract';
import { sessionListContract } from './session-list.contract';
import { storeContract } from './store.contract';
import { sweeperContract } from './sweeper.contract';
import { userContract } from './user.contract';
import { userEmailContract } from './user-email.contract';
import { userUndoContract } from './user-undo.contract';

/** The contract of every port, by the name of the port. Run each case on an empty store of yours. */
export const PORT_CONTRACTS: Readonly<Record<string, readonly ContractCase[]>> = {
  store: storeContract,
  users: [...userContract, ...userEmailContract, ...userUndoContract],
  accounts: [
    ...accountChangesContract,
    ...accountAdminsContract,
    ...accountRemovalContract,
    ...accountListContract,
  ],
  pendingRegistrations: pendingRegistrationContract,
  sessions: [...sessionContract, ...sessionListContract],
  challenges: challengeContract,
  budgets: budgetContract,
  outbox: outboxContract,
  audit: auditContract,
  sweeper: sweeperContract,
};
