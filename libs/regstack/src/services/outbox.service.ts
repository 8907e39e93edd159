import { Injectable } from '@nestjs/common';
import { Clock } from '../kernel/clock';
import { newId } from '../kernel/ids';
import type { EmailAddress } from '../kernel/email-address';
import type { PhoneNumber } from '../kernel/phone-number';
import { type MailKind, MailTemplates, type MailValues } from '../ports/mail.templates';
import { type OutboxMessage, OutboxRepository } from '../ports/outbox.repository';
import { type CodeValues, type SmsKind, SmsTemplates } from '../ports/sms.templates';
import { SecretCipher } from './secret.cipher';
import { OutboxWorker } from './outbox.worker';

/**
 * Writes mails and text messages that will be sent. A flow composes the message, hands it to the port method that stores its change, and so
 * either both are there or none is; the request never waits for a mail server or a gateway (W14, W52).
 */
@Injectable()
export class OutboxService {
  constructor(
    private readonly templates: MailTemplates,
    private readonly texts: SmsTemplates,
    private readonly cipher: SecretCipher,
    private readonly outbox: OutboxRepository,
    private readonly worker: OutboxWorker,
    private readonly clock: Clock,
  ) {}

  /**
   * A rendered and encrypted mail, not stored yet.
   * @param challengeId the challenge whose secret it carries, or null
   */
  async compose<K extends MailKind>(
    kind: K,
    recipient: EmailAddress,
    values: MailValues[K],
    challengeId: string | null,
  ): Promise<OutboxMessage> {
    return this.message(kind, recipient, await this.templates.render(kind, values), challengeId);
  }

  /** The same for a text message. */
  async composeText(
    kind: SmsKind,
    recipient: PhoneNumber,
    values: CodeValues,
    challengeId: string,
  ): Promise<OutboxMessage> {
    return this.message(kind, recipient, { text: await this.texts.render(kind, values) }, challengeId);
  }

  private message(
    kind: MailKind | SmsKind,
    recipient: string,
    content: object,
    challengeId: string | null,
  ): OutboxMessage {
    const createdAt = this.clock.now();
    const id = newId(createdAt);
    const sealedBody = this.cipher.seal('outbox', JSON.stringify(content), id);
    return { id, kind, recipient, challengeId, sealedBody, createdAt };
  }

  /** Stores a message that belongs to no change, and has it sent. */
  async send(message: OutboxMessage): Promise<void> {
    await this.outbox.enqueue(message);
    this.wake();
  }

  /** A message was stored: have it sent now instead of at the next look, but after the answer, which it must not slow down. */
  wake(): void {
    setImmediate(() => this.worker.wake());
  }
}
