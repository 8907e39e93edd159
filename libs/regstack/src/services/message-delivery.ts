import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../kernel/clock';
import { MessageDeadLetteredEvent } from '../kernel/delivery-events';
import { reasonOf } from '../kernel/error-codes';
import { BY_THE_APP } from '../kernel/origin';
import { within } from '../kernel/within';
import { Mailer, type MailContent } from '../ports/mailer';
import { channelOf, type LeasedMessage, OutboxRepository } from '../ports/outbox.repository';
import { SmsSender } from '../ports/sms.sender';
import { deadLetterReason, retryAt } from './delivery-failure';
import type { HeldMessage } from './outbox.lane';
import { SecretCipher } from './secret.cipher';
import { SecurityLog } from './security-log';

/**
 * A sender that has not ended by then never will. Our own end earlier by themselves, however slow the other side is: what this ended
 * while it was under way could still arrive, and would then come twice (RFC 5321, 4.5.3.2.6; RFC 1047).
 */
const DELIVERY_MS = 600_000;

/** What went out and is not noted comes twice, so the note is tried again, this often and this many times; the lease is renewed meanwhile. */
const NOTE_MS = 1000;
const NOTES = 30;

/** Hands one message to its sender and reports how that went. */
@Injectable()
export class MessageDelivery {
  private readonly logger = new Logger('RegStack');

  constructor(
    private readonly outbox: OutboxRepository,
    private readonly mailer: Mailer,
    private readonly sms: SmsSender,
    private readonly cipher: SecretCipher,
    private readonly clock: Clock,
    private readonly log: SecurityLog,
  ) {}

  /** Whatever goes wrong here, the lease ends and the message is due again. */
  async deliver(message: HeldMessage): Promise<void> {
    const { id, kind } = message;
    try {
      const failure = await this.attempt(message);
      if (failure === null) await this.settle(message, NOTES);
      else await this.fail(message, failure);
    } catch (error) {
      this.logger.warn(`outbox: ${kind} ${id} cannot be reported now (${reasonOf(error)})`);
    }
  }

  private async attempt(message: LeasedMessage): Promise<Error | null> {
    try {
      const isDone = await within(DELIVERY_MS, this.handOver(message), { ref: false });
      return isDone ? null : new Error('the sender does not answer');
    } catch (error) {
      return error instanceof Error ? error : new Error('unknown');
    }
  }

  private async handOver({ id, kind, recipient: to, sealedBody }: LeasedMessage): Promise<void> {
    const content: unknown = JSON.parse(this.cipher.open('outbox', sealedBody, id));
    if (channelOf(kind) === 'sms')
      await this.sms.deliver({ id, to, ...(content as { readonly text: string }) });
    else await this.mailer.deliver({ id, to, ...(content as MailContent) });
  }

  private async settle(message: HeldMessage, notes: number): Promise<void> {
    try {
      await this.outbox.settle(message.id, message.leaseId, this.clock.now());
    } catch (error) {
      if (notes === 1) throw error;
      await delay(NOTE_MS, undefined, { ref: false });
      await this.settle(message, notes - 1);
    }
  }

  /** Only the report that counts makes a dead letter: a worker that has lost its lease tells nobody. */
  private async fail(message: HeldMessage, failure: Error): Promise<void> {
    const { id, kind, leaseId, attempts } = message;
    const now = this.clock.now();
    const reason = deadLetterReason(message, failure, now);
    const error = reasonOf(failure);
    const next = reason === null ? 'will be tried again' : 'given up';
    this.logger.warn(`outbox: ${kind} ${id} was not sent at attempt ${attempts} (${error}), ${next}`);
    const counts = await this.outbox.fail(id, leaseId, error, reason === null ? retryAt(message, now) : null);
    if (!counts || reason === null) return;
    const event = new MessageDeadLetteredEvent(id, kind, attempts, reason);
    this.log.record(event, BY_THE_APP, { result: 'refused', reason });
  }
}
