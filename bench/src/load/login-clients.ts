import type { Client } from 'autocannon';
import { addressOf, PASSWORD } from '../accounts';
import { ACCOUNTS_PER_CONNECTION, CONNECTIONS, LOGIN_GROUP, LOGIN_PATH } from './login-accounts';

let count = 0;

/**
 * Gives a connection its own accounts, in turn: none is asked for twice at a time, and a success frees it, so the lockout stays on
 * and never bites. A module of its own, because a worker of autocannon loads it by its name.
 */
function setUpLoginClient(client: Client): void {
  const first = (count++ % CONNECTIONS) * ACCOUNTS_PER_CONNECTION;
  client.setRequests(
    Array.from({ length: ACCOUNTS_PER_CONNECTION }, (_, n) => ({
      method: 'POST',
      path: LOGIN_PATH,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: addressOf(LOGIN_GROUP, first + n), password: PASSWORD }),
    })),
  );
}

export = setUpLoginClient;
