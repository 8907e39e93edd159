import { addSeconds } from '../kernel/clock';
import type { DeadLetterReason } from '../kernel/delivery-events';
import { MailRejectedError } from '../ports/mailer';
import type { LeasedMessage } from '../ports/outbox.repository';
import { SmsRejectedError } from '../ports/sms.sender';

const BACK_OFF_MAX_SECONDS = 60;
/** After this, and after so many attempts, a message is a dead letter: neither a clock that jumps nor an app that was away gives up a queue. */
const GIVE_UP_SECONDS = 86_400;
const GIVE_UP_ATTEMPTS = 10;

/** Why a message that was not sent is given up; null: it is to be tried again. */
export function deadLetterReason(
  { createdAt, attempts }: LeasedMessage,
  failure: Error,
  now: Date,
): DeadLetterReason | null {
  if (failure instanceof MailRejectedError || failure instanceof SmsRejectedError) return 'refused';
  const isOld = addSeconds(createdAt, GIVE_UP_SECONDS) <= now;
  return isOld && attempts >= GIVE_UP_ATTEMPTS ? 'gave_up' : null;
}

/** When to try again: later each time, with jitter, so that a server that returns is not stormed. */
export function retryAt({ attempts }: LeasedMessage, now: Date): Date {
  const seconds = Math.min(BACK_OFF_MAX_SECONDS, 2 ** (attempts - 1)) * (0.5 + Math.random() / 2);
  return addSeconds(now, seconds);
}
