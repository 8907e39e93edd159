import { Store } from '../../ports/store';
import { MemoryAccountRepository } from './memory.accounts';
import { MemoryAuditRepository } from './memory.audit';
import { MemoryBudgetRepository } from './memory.budgets';
import { MemoryChallengeRepository } from './memory.challenges';
import { MemoryKeyUseRepository } from './memory.key-uses';
import { MemoryOutboxRepository } from './memory.outbox';
import { MemoryPendingRegistrationRepository } from './memory.pending-registrations';
import { MemorySchema } from './memory.schema';
import { MemorySessionRepository } from './memory.sessions';
import { MemorySweeper } from './memory.sweeper';
import { MemoryTables } from './memory.tables';
import { MemoryTrustedDeviceRepository } from './memory.trusted-devices';
import { MemoryUserRepository } from './memory.users';

/** The reference implementation of every port, for tests: what the contracts mean, in its shortest form. Forgets all at exit. */
export class MemoryStore extends Store {
  readonly tables = new MemoryTables();
  override readonly users = new MemoryUserRepository(this.tables);
  override readonly accounts = new MemoryAccountRepository(this.tables);
  override readonly pendingRegistrations = new MemoryPendingRegistrationRepository(this.tables);
  override readonly sessions = new MemorySessionRepository(this.tables);
  override readonly challenges = new MemoryChallengeRepository(this.tables);
  override readonly budgets = new MemoryBudgetRepository(this.tables);
  override readonly outbox = new MemoryOutboxRepository(this.tables);
  override readonly audit = new MemoryAuditRepository(this.tables);
  override readonly trustedDevices = new MemoryTrustedDeviceRepository(this.tables);
  override readonly keyUses = new MemoryKeyUseRepository(this.tables);
  override readonly sweeper = new MemorySweeper(this.tables);
  override readonly schema = new MemorySchema();

  override async ping(): Promise<void> {}

  override async serverTime(): Promise<null> {
    return null;
  }

  override async close(): Promise<void> {}
}
