import { Injectable, Logger } from '@nestjs/common';
import { OnEvent } from '@nestjs/event-emitter';
import type { UserRegisteredEvent, UserVerifiedEvent } from '@regstack/nestjs';

/** What a host does when somebody has joined. */
@Injectable()
export class WelcomeListener {
  private readonly logger = new Logger('Demo');

  @OnEvent('user.registered')
  registered({ user }: UserRegisteredEvent): void {
    this.logger.log(`user.registered: ${user.id} has registered`);
  }

  @OnEvent('user.verified')
  verified({ user }: UserVerifiedEvent): void {
    this.logger.log(`user.verified: ${user.id} has proved the address`);
  }
}
