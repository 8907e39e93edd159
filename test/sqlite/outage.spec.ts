import Database from 'better-sqlite3';
import { sqliteFileOf } from '../support/databases/sqlite.databases';
import { Demo, freshDatabase, parallel, PASSWORD, smtpEnv, someone } from '../support/demo';
import { FakeSmtp } from '../support/fake-smtp';

describe('another process holds the lock of the file', () => {
  it('R63, G07: writes get 503 with Retry-After in time, reads go on, nobody is let in, and all is well afterwards', async () => {
    const smtp = await FakeSmtp.start();
    const database = await freshDatabase();
    const demo = await Demo.start({ ...smtpEnv(smtp), REGSTACK_DATABASE_URL: database });
    const { email, token } = await demo.member(smtp);

    const other = new Database(sqliteFileOf(database));
    other.exec('BEGIN IMMEDIATE');
    const begin = Date.now();
    const blocked = parallel(60, (n) =>
      n % 2
        ? demo.call('POST', '/login', { email, password: PASSWORD })
        : demo.call('POST', '/register', { email: someone(), password: PASSWORD }),
    );
    expect((await demo.call('GET', '/me', undefined, { token })).status).toBe(200);
    expect((await demo.call('GET', '/me')).status).toBe(401);
    const answers = await blocked;
    expect(Date.now() - begin).toBeLessThan(6000);
    for (const { status, headers, json } of answers) {
      expect([status, json.code, headers.get('retry-after')]).toEqual([503, 'service.unavailable', '1']);
    }

    other.exec('ROLLBACK');
    other.close();
    expect((await demo.call('POST', '/login', { email, password: PASSWORD })).status).toBe(200);
    await demo.stop();
    await smtp.down();
  });

  it('database_timeout_ms says how long a write waits', async () => {
    const database = await freshDatabase();
    const demo = await Demo.start({ REGSTACK_DATABASE_URL: database, REGSTACK_DATABASE_TIMEOUT_MS: '100' });
    const other = new Database(sqliteFileOf(database));
    other.exec('BEGIN IMMEDIATE');
    const begin = Date.now();
    expect((await demo.call('POST', '/login', { email: someone(), password: PASSWORD })).status).toBe(503);
    expect(Date.now() - begin).toBeLessThan(2000);
    other.close();
    await demo.stop();
  });
});
