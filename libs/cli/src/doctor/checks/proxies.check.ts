import { checkOfConfig } from '../check';
import { fail, pass, warn } from '../../findings/finding';
import { isLoopback } from '../../loopback';

/** As many proxies are believed as there are. */
export const proxies = checkOfConfig('proxies', ({ baseUrl, trustedProxies }) => {
  const { protocol, hostname } = new URL(baseUrl);
  const isDirect = protocol === 'http:' && isLoopback(hostname);
  if (trustedProxies > 0 && isDirect) {
    return fail(
      `trusted_proxies = ${trustedProxies}, and ${baseUrl} has no proxy in front: clients may call themselves what they like`,
      'set trusted_proxies = 0',
    );
  }
  if (trustedProxies === 0 && protocol === 'https:') {
    return warn(
      'trusted_proxies = 0: behind a proxy that ends TLS, all clients count as one, and share its limits',
      'set trusted_proxies = 1 where one proxy appends to X-Forwarded-For; leave it where the app ends TLS itself',
    );
  }
  return pass(`trusted_proxies = ${trustedProxies}`);
});
