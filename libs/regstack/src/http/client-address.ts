import { isIP } from 'node:net';
import { IPv6 } from 'ipaddr.js';
import { parsedIPv6, withoutZone } from '../kernel/ip-address';

/** The key of every client whose address cannot be told: a socket that is a file has no peer. */
const UNKNOWN = 'unknown';

/**
 * The address that a request came from, as it is written there (R19). Each trusted proxy appends its own peer to `X-Forwarded-For`, so the
 * entries that can be believed are the last ones, counted from the right; whatever stands further left is the client's own word.
 *
 * @param socketPeer the other end of the connection; undefined where the socket has none
 * @param trustedProxies number of proxies in front; with 0 the header is ignored
 * @returns with fewer entries than proxies the leftmost one; the socket's peer where the entry cannot be read
 */
export function clientAddress(
  socketPeer: string | undefined,
  xForwardedFor: string | undefined,
  trustedProxies: number,
): string | undefined {
  if (trustedProxies === 0 || xForwardedFor === undefined) return socketPeer;
  // An empty entry stays one: to drop it would move the client's own word into its place.
  const entries = xForwardedFor.split(',');
  return addressIn(entries.at(-trustedProxies) ?? entries[0]!) ?? socketPeer;
}

/**
 * What is counted as one client (R18): an IPv4 address, or the /64 of an IPv6 one, the least that a subscriber has to choose from.
 * Canonical: all spellings of an address, with a zone or not, and IPv4 inside IPv6, are one prefix.
 */
export function addressPrefix(address: string | undefined): string {
  const plain = withoutZone(address);
  const version = isIP(plain);
  if (version === 0) return UNKNOWN;
  if (version === 4) return `${plain}/32`;
  const ip = parsedIPv6(plain);
  if (ip.isIPv4MappedAddress()) return `${ip.toIPv4Address().toString()}/32`;
  return `${IPv6.networkAddressFromCIDR(`${ip.toString()}/64`).toString()}/64`;
}

/** The address in an entry, without port and brackets; null for a name, a placeholder or nonsense. */
function addressIn(entry: string): string | null {
  const text = entry.trim();
  const bare = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) === 0 ? null : bare;
}
