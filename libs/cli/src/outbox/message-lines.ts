import type { ShownMessage } from '@regstack/nestjs';
import { printable } from '../printable';

/** A message in a list. */
export function messageLine(message: ShownMessage): string {
  const { id, createdAt, state, kind, attempts, recipient, lastError, dueAt } = message;
  return [
    id,
    createdAt.toISOString(),
    state.padEnd(6),
    printable(kind),
    printable(recipient ?? '-'),
    `${attempts} attempt(s)`,
    ...(lastError === null ? [] : [printable(lastError)]),
    ...(dueAt === null ? [] : [`next ${dueAt.toISOString()}`]),
  ].join('  ');
}

/** A message for programs: as admins get it over HTTP. */
export function messageJson(message: ShownMessage): object {
  return {
    id: message.id,
    channel: message.channel,
    kind: message.kind,
    recipient: message.recipient,
    state: message.state,
    attempts: message.attempts,
    last_error: message.lastError,
    created_at: message.createdAt.toISOString(),
    due_at: message.dueAt?.toISOString() ?? null,
  };
}
