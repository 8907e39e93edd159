import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Store } from '../ports/store';

/** Closes the store last: at shutdown, when the HTTP server is closed and the outbox worker has stopped. */
@Injectable()
export class StoreLifecycle implements OnApplicationShutdown {
  constructor(private readonly store: Store) {}

  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
