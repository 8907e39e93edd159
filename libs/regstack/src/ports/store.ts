import { BootError } from '../kernel/boot.error';
import type { AccountRepository } from './account.repository';
import type { AuditRepository } from './audit.repository';
import type { BudgetRepository } from './budget.repository';
import type { ChallengeRepository } from './challenge.repository';
import type { KeyUseRepository } from './key-use.repository';
import type { OutboxRepository } from './outbox.repository';
import type { PendingRegistrationRepository } from './pending-registration.repository';
import type { Schema } from './schema';
import type { SessionRepository } from './session.repository';
import type { Sweeper } from './sweeper';
import type { TrustedDeviceRepository } from './trusted-device.repository';
import type { UserRepository } from './user.repository';

/**
 * One database with all its repositories, opened from `database_url`. Every method of a repository may reject with
 * `AccountError` `service.unavailable` when the database cannot answer in time; a write that is refused so may have taken effect.
 */
export abstract class Store {
  abstract readonly users: UserRepository;
  abstract readonly accounts: AccountRepository;
  abstract readonly pendingRegistrations: PendingRegistrationRepository;
  abstract readonly sessions: SessionRepository;
  abstract readonly challenges: ChallengeRepository;
  abstract readonly budgets: BudgetRepository;
  abstract readonly outbox: OutboxRepository;
  abstract readonly audit: AuditRepository;
  abstract readonly trustedDevices: TrustedDeviceRepository;
  abstract readonly keyUses: KeyUseRepository;
  abstract readonly sweeper: Sweeper;
  abstract readonly schema: Schema;

  /** Asks the database for an answer. Rejects with `service.unavailable` where there is none in time. */
  abstract ping(): Promise<void>;

  /** The clock of the database, to the millisecond; null where it is that of this machine. */
  abstract serverTime(): Promise<Date | null>;

  /** Ends connections and timers of its own. Idempotent. */
  abstract close(): Promise<void>;
}

/** The database cannot be opened. The message names the setting and the cure, never the URL's password. */
export class StoreOpenError extends BootError {}
