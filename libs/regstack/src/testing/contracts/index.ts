import { budgetContract } from './budget.contract';
import { challengeContract } from './challenge.contract';
import type { ContractCase } from './contract';
import { outboxContract } from './outbox.contract';
import { pendingRegistrationContract } from './pending-registration.contract';
import { sessionContract } from './session.contract';
import { sweeperContract } from './sweeper.contract';
import { userContract } from './user.contract';

/** The contract of every port, by the name of the port. Run each case on an empty store of yours. */
export const PORT_CONTRACTS: Readonly<Record<string, readonly ContractCase[]>> = {
  users: userContract,
  pendingRegistrations: pendingRegistrationContract,
  sessions: sessionContract,
  challenges: challengeContract,
  budgets: budgetContract,
  outbox: outboxContract,
  sweeper: sweeperContract,
};
