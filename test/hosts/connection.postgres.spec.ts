import { getConnectionToken } from '@nestjs/mongoose';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { Mailer, RegStackModule } from '@regstack/nestjs';
import { CapturedMail } from '@regstack/nestjs/testing';
import type { DataSource } from 'typeorm';
import { DATABASES } from '../support/databases';
import { Host, SETTINGS } from '../support/host';
import { storesOfRun } from '../support/stores';

const describeIf = storesOfRun().includes('postgres') ? describe : describe.skip;

describeIf('the PostgreSQL database of a host that has one already', () => {
  const mail = new CapturedMail();
  const providers = [{ provide: Mailer, useValue: mail }];
  let url: string;
  let host: Host | undefined;
  beforeEach(async () => {
    url = await DATABASES.postgres.fresh();
  });
  afterEach(async () => {
    await host?.stop();
    host = undefined;
    await DATABASES.postgres.drop(url);
  });
  const startBeside = async (options: object = {}): Promise<DataSource> => {
    host = await Host.start({
      imports: [
        TypeOrmModule.forRoot({ type: 'postgres', url, ...options }),
        RegStackModule.forRoot({ ...SETTINGS, connection: { typeorm: 'default' }, providers }),
      ],
    });
    return host.app.get<DataSource>(getDataSourceToken(), { strict: false });
  };

  it('connection: our tables in its database, over connections of our own, and its DataSource stays the host’s', async () => {
    const hosts = await startBeside();
    await host!.member(mail, 'shared@example.org');
    expect(await hosts.query('SELECT email FROM regstack_users')).toEqual([{ email: 'shared@example.org' }]);
    expect(hosts.entityMetadatas).toEqual([]);
    expect(hosts.isInitialized).toBe(true);
  });

  it('what the host rolls back takes none of our rows along', async () => {
    // Of its one connection nothing is left for anybody while the transaction is open.
    const hosts = await startBeside({ poolSize: 1 });
    const runner = hosts.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT count(*) FROM regstack_users');
    const token = await host!.member(mail, 'rollback@example.org');
    await runner.rollbackTransaction();
    await runner.release();
    expect((await host!.call('GET', '/orders', undefined, token)).status).toBe(200);
  });

  it('takes the server from the host’s DataSource, and nothing of how the host works on it', async () => {
    const logger = { logQuery: jest.fn() };
    const master = { url };
    const replication = { master, slaves: [{ url: url.replace(/:\d+\//, ':1/') }] };
    const options = {
      type: 'postgres',
      replication,
      isolationLevel: 'REPEATABLE READ',
      entityPrefix: 'app_',
      logger,
    };
    const provider = { provide: getDataSourceToken('odd'), useValue: { options } };
    class OddModule {}
    const odd = { module: OddModule, global: true, providers: [provider], exports: [provider] };
    const start = () =>
      Host.start({
        imports: [odd, RegStackModule.forRoot({ ...SETTINGS, connection: { typeorm: 'odd' }, providers })],
      });
    const hosts = await Promise.all([start(), start(), start(), start()]);
    const ours = hosts[0]!.app.get<DataSource>(getDataSourceToken('regstack'), { strict: false });
    expect(await ours.getRepository('regstack_users').find()).toEqual([]);
    expect(logger.logQuery).not.toHaveBeenCalled();
    await Promise.all(hosts.map((one) => one.stop()));
  });

  it('options of the URL that hide the schema refuse to boot: another tenant’s tables are not shared', async () => {
    const { Client } = await import('pg');
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE SCHEMA tenant');
    const started = startBeside({ url: `${url}?options=-cwork_mem%3D8MB`, schema: 'tenant' });
    await expect(started).rejects.toThrow(/search_path does not begin with tenant/);
    const { rows } = await client.query("SELECT tablename FROM pg_tables WHERE tablename LIKE 'regstack%'");
    expect(rows).toEqual([]);
    await client.end();
  });

  it('stands in the schema of the host’s DataSource', async () => {
    const { Client } = await import('pg');
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('CREATE SCHEMA "Tenant one"');
    await client.end();
    const hosts = await startBeside({ schema: 'Tenant one' });
    await host!.member(mail, 'tenant@example.org');
    const [row] = await hosts.query<unknown[]>('SELECT email FROM "Tenant one".regstack_users');
    expect(row).toEqual({ email: 'tenant@example.org' });
  });

  it('alone, the DataSource is there for reports, and there is no Mongoose connection', async () => {
    host = await Host.start({
      imports: [RegStackModule.forRoot({ ...SETTINGS, databaseUrl: url, providers })],
    });
    await host.member(mail, 'report@example.org');
    const ours = host.app.get<DataSource>(getDataSourceToken('regstack'), { strict: false });
    const [found] = await ours.getRepository<Record<string, unknown>>('regstack_users').find();
    expect(found).toMatchObject({
      email: 'report@example.org',
      is_active: true,
      created_at: expect.any(Date),
    });
    expect(host.app.get(getConnectionToken('regstack'), { strict: false })).toBeNull();
  });
});
