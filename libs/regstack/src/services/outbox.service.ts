import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock';
import { newId } from '../kernel/ids';
import type { EmailAddress } from '../kernel/email-address';
import { type MailKind, MailTemplates, type MailValues } from '../ports/mail.templates';
import type { OutboxMessage } from '../ports/outbox.repository';
import { MessageCipher } from './message.cipher';
import { OutboxWorker } from './outbox.worker';

/**
 * Writes mails that will be sent. A flow composes the message, hands it to the port method that stores its change, and so
 * either both are there or none is; the request never waits for a mail server (W14, W52).
 */
@Injectable()
export class OutboxService {
  constructor(
    private readonly templates: MailTemplates,
    private readonly cipher: MessageCipher,
    private readonly worker: OutboxWorker,
    private readonly clock: Clock,
  ) {}

  /**
   * A rendered and encrypted message, not stored yet.
   * @param challengeId the challenge whose secret it carries, or null
   */
  async compose<K extends MailKind>(
    kind: K,
    recipient: EmailAddress,
    values: MailValues[K],
    challengeId: string | null,
  ): Promise<OutboxMessage> {
    const createdAt = this.clock.now();
    const id = newId(createdAt);
    const content = await this.templates.render(kind, values);
    return {
      id,
      kind,
      recipient,
      challengeId,
      sealedBody: this.cipher.seal(JSON.stringify(content), id),
      createdAt,
    };
  }

  /** A message was stored: have it sent now instead of at the next look, but after the answer, which it must not slow down. */
  wake(): void {
    setImmediate(() => this.worker.wake());
  }
}
