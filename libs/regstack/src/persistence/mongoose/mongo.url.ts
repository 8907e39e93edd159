/** As the driver cuts a URL: credentials end at the first `@`, the hosts at the next slash, question mark or `@`. */
const PARTS = /^[^/]+:\/\/(?<credentials>[^:@]*(?::[^@]*)?@)?(?<hosts>[^/?@]*)(?<rest>.*)$/;

/** Names or addresses, each with or without a port. */
const HOST = String.raw`(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?`;
const HOSTS = new RegExp(`^${HOST}(?:,${HOST})*$`, 'i');

/** Whether the URL names a database, as the driver reads it. */
export function namesDatabase(url: string): boolean {
  return /^\/[^?#]/.test(PARTS.exec(url)?.groups?.['rest'] ?? '');
}

/**
 * The hosts of a URL, for messages. Null where they might be something else: a second `@` may stand in a password that is not
 * encoded. Where no `@` marks credentials, what looks like a port may be a password whose host was forgotten, so ports are left out.
 */
export function hostsOf(url: string): string | null {
  const { credentials, hosts = '' } = PARTS.exec(url)?.groups ?? {};
  if (!HOSTS.test(hosts) || url.split('@').length > 2) return null;
  return credentials ? hosts : hosts.replace(/:\d+(?=,|$)/g, '');
}
