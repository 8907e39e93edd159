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
    const hosts = await startBeside();
    const runner = hosts.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT count(*) FROM regstack_users');
    const token = await host!.member(mail, 'rollback@example.org');
    await runner.rollbackTransaction();
    await runner.release();
    expect((await host!.call('GET', '/orders', undefined, token)).status).toBe(200);
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
