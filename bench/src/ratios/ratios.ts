import { addressOf, PASSWORD } from '../accounts';
import { HostProcess, onDatabase, withHost } from '../hosts/host-process';
import type { Adapter } from '../hosts/protocol';
import { Connection } from '../load/connection';
import { ACCOUNTS_PER_CONNECTION, CONNECTIONS, LOGIN_GROUP, LOGIN_PATH } from '../load/login-accounts';
import type { BenchOptions } from '../options';
import type { RatioRow } from '../report/row';
import { guardRatio } from './guard';
import { latencyRatio } from './latency';
import { loginRatio } from './login';
import { startRatios } from './start';

/** Every ratio of one adapter. */
export async function ratiosOf(adapter: Adapter, options: BenchOptions): Promise<RatioRow[]> {
  const start = HostProcess.start('accounts', adapter, onDatabase(options.databaseUrl));
  const served = await withHost(start, async (host) => {
    await host.ask('seed', {
      group: LOGIN_GROUP,
      count: CONNECTIONS * ACCOUNTS_PER_CONNECTION,
      state: 'verified',
    });
    const token = await signIn(host);
    return [
      await guardRatio(host, token, adapter, options),
      await loginRatio(host, adapter, options),
      await latencyRatio(host, token, adapter, options),
    ];
  });
  return [...served, ...(await startRatios(adapter, options))];
}

async function signIn(host: HostProcess): Promise<string> {
  const connection = new Connection(host.url);
  const body = { email: addressOf(LOGIN_GROUP, 0), password: PASSWORD };
  const answer = await connection.expect(200, { method: 'POST', path: LOGIN_PATH, body });
  connection.close();
  return (JSON.parse(answer.body) as { readonly access_token: string }).access_token;
}
