import type { ListedMessage } from '../../ports/outbox.repository';
import type { OutboxDocument } from './documents';

/** Fields of a message that an admin sees. The body is not among them. */
export const LISTED_FIELDS = {
  kind: 1,
  recipient: 1,
  state: 1,
  attempts: 1,
  last_error: 1,
  created_at: 1,
  due_at: 1,
} as const;

/** A message as read with {@link LISTED_FIELDS}. */
export type ListedFields = Pick<OutboxDocument, '_id' | keyof typeof LISTED_FIELDS>;

/** A message as an admin sees it. */
export function listedFrom(document: ListedFields): ListedMessage {
  const { _id: id, kind, recipient, state, attempts } = document;
  const { last_error: lastError, created_at: createdAt, due_at: dueAt } = document;
  return { id, kind, recipient, state, attempts, lastError, createdAt, dueAt };
}
