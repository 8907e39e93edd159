import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Store } from '../ports/store';
import { AuditTrail } from './audit-trail';

/** Closes the store last: at shutdown, when the HTTP server is closed and the outbox worker has stopped. */
@Injectable()
export class StoreLifecycle implements OnApplicationShutdown {
  constructor(
    private readonly store: Store,
    private readonly trail: AuditTrail,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    // Of the requests that were under way when the shutdown began.
    await this.trail.flush();
    await this.store.close();
  }
}
