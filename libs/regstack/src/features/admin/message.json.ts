import type { ShownMessage } from './outbox.service';

/** A message as JSON, as admins get it over HTTP. */
export function adminMessageJson(message: ShownMessage) {
  return {
    id: message.id,
    kind: message.kind,
    channel: message.channel,
    recipient: message.recipient,
    state: message.state,
    attempts: message.attempts,
    last_error: message.lastError,
    created_at: message.createdAt.toISOString(),
    due_at: message.dueAt?.toISOString() ?? null,
  };
}
