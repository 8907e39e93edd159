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
