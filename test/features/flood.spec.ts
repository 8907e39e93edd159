import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { ADAPTER } from '../support/adapter';

const BENCH = resolve(__dirname, '../../bench/dist/main.js');

/** The measurement of docs/performance.md, short and with the cheapest hash. */
const flood = (env: Readonly<Record<string, string>> = {}): Promise<{ code: number; out: string }> =>
  new Promise((done) => {
    const args = [BENCH, 'flood', '--n', '30', '--adapters', ADAPTER!];
    const cheap = { REGSTACK_ARGON2__MEMORY_KIB: '8192', REGSTACK_ARGON2__TIME_COST: '1' };
    const { PATH } = process.env;
    execFile(process.execPath, args, { env: { PATH, ...cheap, ...env } }, (error, out, err) =>
      done({ code: error ? Number(error.code) : 0, out: out + err }),
    );
  });

describe('G14, W17, R41: floods of messages at one address or number', () => {
  it('five an hour of each kind are sent, and the answers do not change', async () => {
    const { code, out } = await flood();
    expect(out.match(/ 5 of 5 .* met /g)).toHaveLength(5);
    expect([code, out]).toEqual([0, expect.not.stringContaining('missed')]);
  }, 120_000);

  it('that a limit is too high would be found', async () => {
    const { code, out } = await flood({ REGSTACK_MAIL_MAX_PER_HOUR: '6', REGSTACK_SMS_MAX_PER_HOUR: '6' });
    expect(out.match(/ 6 of 5 .* \*\*missed\*\* /g)).toHaveLength(5);
    expect(code).toBe(1);
  }, 120_000);
});
