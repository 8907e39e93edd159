import { someone } from '../support/demo';
import type { Flip, Trial } from './settings.trial';

/** Status and `Retry-After` of the last of this many logins, each said to come from another address. */
const signingIn = async ({ host }: Trial, times: number): Promise<unknown[]> => {
  let last: Response | undefined;
  for (let n = 1; n <= times; n++) {
    last = await fetch(`${host.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': `198.51.100.${n}` },
      body: JSON.stringify({ email: someone(), password: 'wrong password' }),
    });
  }
  return [last!.status, last!.headers.get('retry-after')];
};

/** Flips of the settings about the addresses of clients. */
export const ADDRESS_FLIPS: Readonly<Record<string, Flip>> = {
  trustedProxies: {
    values: [0, 1],
    with: () => ({ loginMaxPerMinute: 2 }),
    see: async (t) => (await signingIn(t, 3))[0],
    shows: [429, 401],
  },
  loginMaxPerMinute: {
    values: [2, 3],
    see: (t) => signingIn(t, 3),
    shows: [
      [429, '60'],
      [401, null],
    ],
  },
  loginMaxPerHour: {
    values: [2, 3],
    see: (t) => signingIn(t, 3),
    shows: [
      [429, '3600'],
      [401, null],
    ],
  },
};
