import { randomUUID } from 'node:crypto';

const ids = new WeakMap<object, string>();

/** The id of a request, the same for as long as it lasts. Takes a request of Node, or one of Fastify around it. */
export function requestIdOf(request: unknown): string {
  const raw = (request as { readonly raw?: object }).raw ?? (request as object);
  let id = ids.get(raw);
  if (id === undefined) ids.set(raw, (id = randomUUID()));
  return id;
}
