import { join } from 'node:path';
import autocannon, { type Options, type Result } from 'autocannon';
import { CONNECTIONS } from './login-accounts';
import setUpLoginClient = require('./login-clients');

/** As fine as autocannon looks at its clock, ms. */
const SAMPLE_MS = 100;

/** Requests of one route, as many as the server answers; answers per second. */
export function saturateRoute(url: string, path: string, seconds: number, token?: string): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return saturate({ url: url + path, headers, duration: seconds });
}

/**
 * Sign-ins to many accounts, as many as the server answers; answers per second.
 * @param apart whether the load is made in a thread of its own, so that this one has time to measure something else
 */
export function saturateLogin(url: string, seconds: number, { apart = false } = {}): Promise<number> {
  // In a thread of its own, autocannon takes the name of the module instead of the function.
  const module = join(__dirname, 'login-clients.js') as unknown as typeof setUpLoginClient;
  const load = apart ? { workers: 1, setupClient: module } : { setupClient: setUpLoginClient };
  return saturate({ url, duration: seconds, ...load });
}

async function saturate(options: Options): Promise<number> {
  const result = await autocannon({ connections: CONNECTIONS, sampleInt: SAMPLE_MS, ...options });
  insistOnSuccess(result);
  return result['2xx'] / result.duration;
}

function insistOnSuccess({ errors, timeouts, non2xx, statusCodeStats }: Result): void {
  if (errors + timeouts + non2xx === 0) return;
  throw new Error(
    `the load is worth nothing: ${errors} errors, ${timeouts} timeouts, ${JSON.stringify(statusCodeStats)}`,
  );
}
