import { Injectable } from '@nestjs/common';
import { Store } from '../../ports/store';

/** What an indicator of `@nestjs/terminus` answers. */
export type HealthResult = Readonly<Record<string, { readonly status: 'up' | 'down' }>>;

/**
 * Whether the accounts can be used. For `@nestjs/terminus`, which need not be there:
 * `health.check([() => regstack.check('accounts')])`.
 */
@Injectable()
export class RegStackHealth {
  constructor(private readonly store: Store) {}

  /** Up when the database answers in time. Never rejects, as indicators of terminus do since version 11. */
  async check(key = 'regstack'): Promise<HealthResult> {
    return { [key]: { status: (await this.isReady()) ? 'up' : 'down' } };
  }

  private async isReady(): Promise<boolean> {
    try {
      await this.ping();
      return true;
    } catch {
      return false;
    }
  }

  /** @throws AccountError `service.unavailable` when the database does not answer in time */
  ping(): Promise<void> {
    return this.store.ping();
  }
}
