import { availableParallelism } from 'node:os';
import { dumpOf } from '../support/databases';
import { Demo, freshDatabase, freshSecret, PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';

/** More sign-ins than the hash threads of this machine take into their queue. */
const COUNT = 100 + 100 * availableParallelism();

/** Every Argon2 hash in the database. */
const hashesIn = async (database: string): Promise<string[]> => [
  ...new Set((await dumpOf(database)).match(/\$argon2[^$]*\$v=19\$[a-z0-9=,]+/g)),
];

describe('the password hash', () => {
  it('R09, W35: is Argon2id of the cost that the settings say, and is raised at the next sign-in when they rise', async () => {
    const smtp = await FakeSmtp.start();
    const settings = {
      ...smtpEnv(smtp),
      REGSTACK_JWT_SECRET: freshSecret(),
      REGSTACK_DATABASE_URL: await freshDatabase(),
    };
    const old = await Demo.start(settings);
    const { email, token } = await old.member(smtp);
    await old.stop();
    expect(await hashesIn(settings.REGSTACK_DATABASE_URL)).toEqual(['$argon2id$v=19$m=8192,t=1,p=1']);

    const raised = await Demo.start({
      ...settings,
      REGSTACK_ARGON2__MEMORY_KIB: '19456',
      REGSTACK_ARGON2__TIME_COST: '2',
    });
    expect((await raised.call('POST', '/login', { email, password: 'wrong-password' })).status).toBe(401);
    expect((await raised.call('POST', '/login', { email, password: PASSWORD })).status).toBe(200);
    expect((await raised.call('POST', '/login', { email, password: PASSWORD })).status).toBe(200);
    expect((await raised.call('GET', '/me', undefined, { token })).status).toBe(200);
    await raised.stop();
    expect(await hashesIn(settings.REGSTACK_DATABASE_URL)).toContain('$argon2id$v=19$m=19456,t=2,p=1');
    await smtp.down();
  });

  it('G15: more sign-ins than can be hashed are told so with Retry-After, and the rest of the app answers meanwhile', async () => {
    const demo = await Demo.start({ REGSTACK_ARGON2__MEMORY_KIB: '32768', REGSTACK_ARGON2__TIME_COST: '2' });
    const logins = Promise.all(
      Array.from({ length: COUNT }, () =>
        demo.call('POST', '/login', { email: someone(), password: PASSWORD }),
      ),
    );
    expect((await demo.call('GET', '/me')).status).toBe(401);
    const answers = await logins;
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 401).length + refused.length).toBe(COUNT);
    for (const { headers, json } of refused) {
      expect([json.code, headers.get('retry-after')]).toEqual(['service.unavailable', '1']);
    }
    await demo.stop();
  });
});
