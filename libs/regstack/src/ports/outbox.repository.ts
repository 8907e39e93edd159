/** A message that waits to be sent. */
export interface OutboxMessage {
  readonly id: string;
  /** Name of the template that it was rendered from, for operators. */
  readonly kind: string;
  /** Canonical address. */
  readonly recipient: string;
  /** The challenge whose secret it carries: it is sent only while that is live. Null: sent in any case. */
  readonly challengeId: string | null;
  /** The rendered message, encrypted. */
  readonly sealedBody: string;
  readonly createdAt: Date;
}

/** A message in the hands of one worker until its lease ends. */
export interface LeasedMessage extends OutboxMessage {
  /** Proves the lease when the worker reports. One for all messages of one call. */
  readonly leaseId: string;
  /** Deliveries begun so far, this one included. */
  readonly attempts: number;
}

/** How long a message waits for its challenge to appear before it counts as dead, seconds (P2). */
export const CHALLENGE_GRACE_SECONDS = 60;

/** Keeps messages until they are sent. Several workers in several processes may share it. */
export abstract class OutboxRepository {
  /** Stores a message. */
  abstract enqueue(message: OutboxMessage): Promise<void>;

  /**
   * Hands out at most `limit` due messages, oldest first, to nobody else until `leaseSeconds` have passed. A message whose
   * challenge is used, replaced or expired is removed instead; one whose challenge is not there yet is left alone for
   * {@link CHALLENGE_GRACE_SECONDS}, then removed.
   */
  abstract lease(limit: number, leaseSeconds: number, now: Date): Promise<readonly LeasedMessage[]>;

  /** Prolongs a lease that still holds: `leaseSeconds` from `now` for every message under it that was not reported. */
  abstract renew(leaseId: string, leaseSeconds: number, now: Date): Promise<void>;

  /** The message went out: wipes recipient and body. False when the lease was lost. */
  abstract settle(id: string, leaseId: string, now: Date): Promise<boolean>;

  /**
   * The message did not go out: due again at `retryAt`, or never (null: dead letter, kept for the operator).
   * `reason` must not hold content. False when the lease was lost.
   */
  abstract fail(id: string, leaseId: string, reason: string, retryAt: Date | null): Promise<boolean>;
}
