import type { MessageState } from '../kernel/message-state';
import type { Keyset } from './keyset';

/** A message that waits to be sent. */
export interface OutboxMessage {
  readonly id: string;
  /** Name of the template that it was rendered from, for operators. */
  readonly kind: string;
  /** Canonical address, or a number in E.164: the kind tells which way it leaves. */
  readonly recipient: string;
  /** The challenge whose secret it carries: it is sent only while that is live. Null: sent in any case. */
  readonly challengeId: string | null;
  /** The rendered message, encrypted. */
  readonly sealedBody: string;
  readonly createdAt: Date;
}

/** Which way a message leaves. Each is sent for itself: a gateway that hangs holds up no mail. */
export type Channel = 'mail' | 'sms';

/** What the kinds of text messages begin with, and those of mails do not. */
export const SMS_PREFIX = 'sms-';

/** Which way a message of this kind leaves. */
export function channelOf(kind: string): Channel {
  return kind.startsWith(SMS_PREFIX) ? 'sms' : 'mail';
}

/** A message in the hands of one worker until its lease ends. */
export interface LeasedMessage extends OutboxMessage {
  /** Proves the lease when the worker reports. One for all messages of one call. */
  readonly leaseId: string;
  /** Deliveries begun so far, this one included. */
  readonly attempts: number;
}

/** A message as an admin may see it: without what it says. */
export interface ListedMessage extends Omit<OutboxMessage, 'challengeId' | 'sealedBody'> {
  readonly state: MessageState;
  /** Empty once it was sent. */
  readonly recipient: string;
  /** Deliveries begun so far. */
  readonly attempts: number;
  /** Why the last delivery that failed did, without content; null for none. */
  readonly lastError: string | null;
  /** While it is queued: when it is tried next, or when the lease ends that it is under. */
  readonly dueAt: Date;
}

/** Messages in each state. */
export type MessageCounts = Readonly<Record<MessageState, number>>;

/** How long a message waits for its challenge to appear before it counts as dead, seconds (P2). */
export const CHALLENGE_GRACE_SECONDS = 60;

/** Keeps messages until they are sent. Several workers in several processes may share it. */
export abstract class OutboxRepository {
  /** Stores a message. */
  abstract enqueue(message: OutboxMessage): Promise<void>;

  /**
   * Hands out at most `limit` due messages of a channel, oldest first, to nobody else until `leaseSeconds` have passed. A message whose
   * challenge is used, replaced or expired is removed instead; one whose challenge is not there yet is left alone for
   * {@link CHALLENGE_GRACE_SECONDS}, then removed.
   */
  abstract lease(
    channel: Channel,
    limit: number,
    leaseSeconds: number,
    now: Date,
  ): Promise<readonly LeasedMessage[]>;

  /** Prolongs a lease that still holds: `leaseSeconds` from `now` for every message under it that was not reported. */
  abstract renew(leaseId: string, leaseSeconds: number, now: Date): Promise<void>;

  /** The message went out: wipes recipient and body. False when the lease was lost. */
  abstract settle(id: string, leaseId: string, now: Date): Promise<boolean>;

  /**
   * The message did not go out: due again at `retryAt`, or never (null: dead letter, kept for the operator).
   * `reason` must not hold content. False when the lease was lost.
   */
  abstract fail(id: string, leaseId: string, reason: string, retryAt: Date | null): Promise<boolean>;

  /** Messages in this state (null: in any) by descending id, which is newest first. Reads no body. */
  abstract list(state: MessageState | null, page: Keyset): Promise<readonly ListedMessage[]>;

  /** How many messages are in each state. */
  abstract counts(): Promise<MessageCounts>;

  /**
   * Makes a dead letter, or a message that waits for its next attempt, due at `now`, in one write. One that is due already, or under a
   * lease, stays as it is: it goes out anyway, and only once. Answers the message as it is then: one that was sent is answered as such, and
   * stays so. `'expired'` for one that the next lease would drop, because nobody can use what it carries any more. Null: there is none.
   */
  abstract retry(id: string, now: Date): Promise<ListedMessage | 'expired' | null>;
}
