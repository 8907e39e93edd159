import type { IncomingHttpHeaders } from 'node:http';
import type { RegStackConfig } from '../config/regstack.config';

const CHANGES_NOTHING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The origin of our own pages. */
export function ownOrigin({ baseUrl }: RegStackConfig): string {
  return new URL(baseUrl).origin;
}

/** What a request says of itself. */
export interface SentRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
}

/** True for a request that a page of another site must not be able to send in somebody's name: it may change something. */
export function mayChangeSomething({ method, headers }: SentRequest): boolean {
  return !CHANGES_NOTHING.has(method) || isWebSocket(headers);
}

/**
 * True when a page of this origin sent it: browsers say so in `Sec-Fetch-Site`, older ones in `Origin`. A WebSocket has no CORS, so
 * there it is the origin itself that counts. A request with neither is not from a page.
 */
export function comesFrom(origin: string, { headers }: SentRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (isWebSocket(headers) || site === undefined) return headers.origin === origin;
  return site === 'same-origin';
}

/** True when a page of another origin sent it; false for a client that is no browser as well. */
export function comesFromElsewhere(origin: string, request: SentRequest): boolean {
  const { 'sec-fetch-site': site, origin: sender } = request.headers;
  return (site !== undefined || sender !== undefined) && !comesFrom(origin, request);
}

function isWebSocket({ upgrade }: IncomingHttpHeaders): boolean {
  return upgrade?.toLowerCase() === 'websocket';
}
