import { join } from 'node:path';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { Mailer, RegStackModule } from '@regstack/nestjs';
import { CapturedMail } from '@regstack/nestjs/testing';
import type { DataSource } from 'typeorm';
import { Host, SETTINGS } from '../support/host';
import { scratchFolder } from '../support/scratch-folder';

describe('the database of a host that has one already', () => {
  const file = (): string => join(scratchFolder('connection'), 'host.db');
  const mail = new CapturedMail();
  const providers = [{ provide: Mailer, useValue: mail }];
  let host: Host | undefined;
  afterEach(() => host?.stop());

  it.each([undefined, 'second'])(
    'connection: our tables in the file of the DataSource %s, which stays the host’s',
    async (name) => {
      const database = file();
      host = await Host.start({
        imports: [
          TypeOrmModule.forRoot({
            type: 'better-sqlite3',
            database,
            ...(name === undefined ? {} : { name }),
          } as never),
          RegStackModule.forRoot({ ...SETTINGS, connection: { typeorm: name ?? 'default' }, providers }),
        ],
      });
      await host.member(mail, 'shared@example.org');
      const hosts = host.app.get<DataSource>(getDataSourceToken(name), { strict: false });
      const users: unknown = await hosts.query('SELECT email FROM regstack_users');
      expect(users).toEqual([{ email: 'shared@example.org' }]);
      expect(hosts.entityMetadatas).toEqual([]);
    },
  );

  it('what the host rolls back takes none of our rows along', async () => {
    host = await Host.start({
      imports: [
        TypeOrmModule.forRoot({ type: 'better-sqlite3', database: file(), enableWAL: true } as never),
        RegStackModule.forRoot({ ...SETTINGS, connection: { typeorm: 'default' }, providers }),
      ],
    });
    const hosts = host.app.get<DataSource>(getDataSourceToken(), { strict: false });
    await hosts.query('CREATE TABLE orders (id integer)');
    const token = await host.member(mail, 'rollback@example.org');
    await hosts.query('BEGIN');
    await hosts.query('SELECT * FROM orders');
    const again = await host.member(mail, 'rollback2@example.org');
    await hosts.query('ROLLBACK');
    expect((await host.call('GET', '/orders', undefined, token)).status).toBe(200);
    expect((await host.call('GET', '/orders', undefined, again)).status).toBe(200);
  });

  it('a database in memory cannot be shared, and is refused so', async () => {
    host = undefined;
    const imports = [
      TypeOrmModule.forRoot({ type: 'better-sqlite3', database: ':memory:' } as never),
      RegStackModule.forRoot({ ...SETTINGS, connection: { typeorm: 'default' } }),
    ];
    await expect(Host.start({ imports })).rejects.toThrow(/connection: a database in memory/);
  });

  it('alone, the DataSource is there for reports, under the token of @nestjs/typeorm', async () => {
    host = await Host.start({
      imports: [RegStackModule.forRoot({ ...SETTINGS, databaseUrl: `sqlite:${file()}`, providers })],
    });
    await host.member(mail, 'report@example.org');
    const ours = host.app.get<DataSource>(getDataSourceToken('regstack'), { strict: false });
    const found = await ours.getRepository<{ email: string }>('regstack_users').find();
    expect(found.map(({ email }) => email)).toEqual(['report@example.org']);
  });

  it('table_prefix names the tables', async () => {
    const database = file();
    host = await Host.start({
      imports: [
        RegStackModule.forRoot({
          ...SETTINGS,
          databaseUrl: `sqlite:${database}`,
          tablePrefix: 'acc_',
          providers,
        }),
      ],
    });
    const ours = host.app.get<DataSource>(getDataSourceToken('regstack'), { strict: false });
    const tables: { name: string }[] = await ours.query(
      "SELECT name FROM sqlite_master WHERE type = 'table'",
    );
    expect(tables.filter(({ name }) => !name.startsWith('sqlite_') && !name.startsWith('acc_'))).toEqual([]);
    expect(tables).toHaveLength(11);
  });
});
