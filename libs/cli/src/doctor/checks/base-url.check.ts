import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { checkOfConfig } from '../check';
import { codeOf, isNone, resolverFor } from '../dns';
import { fail, type Finding, pass, warn } from '../../findings/finding';
import { isLoopback } from '../../loopback';

/** Mailed links lead to the app, over https. */
export const baseUrl = checkOfConfig('base-url', async ({ baseUrl: text }, { options }) => {
  const url = new URL(text);
  if (isLoopback(url.hostname)) return pass(`${text} is this machine: for development`);
  if (url.protocol !== 'https:') {
    return fail(
      `${text} is not https: passwords and sessions go over the network in clear`,
      `set base_url = "https://${url.host}${url.pathname.replace(/\/$/, '')}"`,
    );
  }
  const unknown = await findHost(url.hostname, options.dnsServer);
  if (unknown) return unknown;
  if (url.pathname === '/') return pass(text);
  return warn(
    `${text} has a path: links and cookies are made for an app that its proxy serves below ${url.pathname}`,
    `make sure that the proxy takes ${url.pathname} away, or set base_url = "${url.origin}"`,
  );
});

/** What is wrong with the name of the host, if anything is. */
async function findHost(host: string, server: string | undefined): Promise<Finding | null> {
  if (isIP(host.replace(/^\[|\]$/g, '')) !== 0) return null;
  try {
    // The system's way knows /etc/hosts; a server that is named is asked itself.
    await (server === undefined ? lookup(host) : resolverFor(server).resolve(host));
    return null;
  } catch (error) {
    const cure = `make ${host} known to DNS, or set base_url to the address that clients use`;
    return isNone(error)
      ? fail(`${host} is no host: mailed links lead nowhere`, cure)
      : warn(`${host} could not be looked up (${codeOf(error)})`, 'check the DNS server of this machine');
  }
}
