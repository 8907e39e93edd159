import { isIP } from 'node:net';
import { IPv6 } from 'ipaddr.js';

/** An address as it is shown and kept: without its zone, an IPv4 one not inside an IPv6 one; null for none, and for what is no address. */
export function plainAddress(address: string | null | undefined): string | null {
  const plain = withoutZone(address);
  if (isIP(plain) !== 6) return isIP(plain) === 4 ? plain : null;
  const ip = parsedIPv6(plain);
  return ip.isIPv4MappedAddress() ? ip.toIPv4Address().toString() : ip.toString();
}

/** The address without the name of the network card that it was met on (RFC 4007 section 11). */
export function withoutZone(address: string | null | undefined): string {
  return address?.split('%', 1)[0] ?? '';
}

/** The parser takes `::1.2.3.4` for another address than `::102:304`; the URL standard writes both in the second way. */
export function parsedIPv6(address: string): IPv6 {
  return IPv6.parse(new URL(`http://[${address}]`).hostname.slice(1, -1));
}
