import { RegStackEvent } from './regstack-event';

/** Why a message will never be sent: it was refused for good, or nobody took it for a day. */
export type DeadLetterReason = 'refused' | 'gave_up';

/** A mail or a text message was given up: a dead letter. It says neither to whom it was to go nor what it said. */
export class MessageDeadLetteredEvent extends RegStackEvent {
  override readonly name = 'message.dead_lettered';
  constructor(
    /** Id of the message in the outbox; also the left part of the `Message-ID` of a mail. */
    readonly messageId: string,
    /** Name of the template that it was rendered from. */
    readonly kind: string,
    /** Deliveries that were begun. */
    readonly attempts: number,
    /** `refused`: for good, by the mail server or the gateway; `gave_up`: nobody took it for a day. */
    readonly reason: DeadLetterReason,
  ) {
    super();
  }
}
