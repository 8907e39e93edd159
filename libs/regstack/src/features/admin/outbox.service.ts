import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock';
import { AccountError } from '../../kernel/errors';
import { looksLikeId } from '../../kernel/ids';
import type { MessageState } from '../../kernel/message-state';
import { type By, BY_THE_APP } from '../../kernel/origin';
import {
  type Channel,
  channelOf,
  type ListedMessage,
  type MessageCounts,
  OutboxRepository,
} from '../../ports/outbox.repository';
import { Cursors, type Page, type PageRequest } from '../../services/cursors';
import { maskedRecipient } from '../../services/masked-recipient';
import { OutboxService } from '../../services/outbox.service';
import { SecurityLog } from '../../services/security-log';

/** A message as an admin sees it. */
export interface ShownMessage extends Omit<ListedMessage, 'recipient' | 'dueAt'> {
  readonly channel: Channel;
  /** Masked; null once it was sent. */
  readonly recipient: string | null;
  /** Null where nothing is to come any more. */
  readonly dueAt: Date | null;
}

/** Mails and text messages that wait, went out or were given up, for admins. Nobody sees what they say. */
@Injectable()
export class AdminOutboxService {
  constructor(
    private readonly outbox: OutboxRepository,
    private readonly sending: OutboxService,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
    private readonly log: SecurityLog,
  ) {}

  counts(): Promise<MessageCounts> {
    return this.outbox.counts();
  }

  /**
   * A page, newest first: of one state, or of all (null). A message whose challenge never comes is among them until its grace is over (P2).
   * @throws AccountError `request.invalid` for a cursor that is not ours
   */
  async list(state: MessageState | null, { cursor, limit }: PageRequest): Promise<Page<ShownMessage>> {
    const before = this.cursors.read('outbox', cursor);
    const found = await this.outbox.list(state, { before, limit: limit + 1 });
    return this.cursors.pageOf('outbox', found.map(shown), limit);
  }

  /**
   * Has a message sent now that was given up, or waits for its next attempt. One that is with a worker stays there.
   * @throws AccountError `message.not_found`, `message.sent`, `message.expired` where nobody could use what it says any more
   */
  async retry(id: string, by: By = BY_THE_APP): Promise<ShownMessage> {
    const message = looksLikeId(id) ? await this.outbox.retry(id, this.clock.now()) : null;
    if (!message) throw new AccountError('message.not_found');
    if (message === 'expired') throw new AccountError('message.expired');
    if (message.state === 'sent') throw new AccountError('message.sent');
    this.log.note('message.retried', by, { reason: message.kind.replaceAll('-', '_') });
    this.sending.wake();
    return shown(message);
  }
}

function shown({ recipient, dueAt, ...message }: ListedMessage): ShownMessage {
  const { kind, state } = message;
  return {
    ...message,
    channel: channelOf(kind),
    recipient: maskedRecipient(kind, recipient),
    dueAt: state === 'queued' ? dueAt : null,
  };
}
