import type { AuthenticatedRequest } from './authenticated-request';

/** The target that a request was sent to, whatever a router of the host made of it: path and query. */
export function targetOf({ originalUrl, url }: Pick<AuthenticatedRequest, 'originalUrl' | 'url'>): string {
  return originalUrl ?? url;
}

/** The query of a request. Of a name that comes twice the first counts. */
export function queryOf(request: Pick<AuthenticatedRequest, 'originalUrl' | 'url'>): URLSearchParams {
  const target = targetOf(request);
  const start = target.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : target.slice(start));
}

/** `?name=value&…`, to be put behind a path. */
export function asQuery(fields: Readonly<Record<string, string>>): string {
  return `?${new URLSearchParams(fields).toString()}`;
}
