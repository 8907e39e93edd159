import { Resolver } from 'node:dns/promises';

/** Answers "there is no such name" and "the name has no such record" (c-ares). */
const NONE: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/** Asks this server, or those of this machine; waits some seconds at most. */
export function resolverFor(server?: string): Resolver {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  if (server !== undefined) resolver.setServers([server]);
  return resolver;
}

/** Whether the answer was that there is nothing, where another error says nothing about that. */
export function isNone(error: unknown): boolean {
  return NONE.has(codeOf(error));
}

/** Short name of what went wrong. */
export function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}
