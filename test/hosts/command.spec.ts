import { setImmediate as turn } from 'node:timers/promises';
import { type DynamicModule, type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MongooseModule } from '@nestjs/mongoose';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  Mailer,
  RegStackModule,
  type RegStackGraphOptions,
  type RegStackModuleOptions,
  type RegStackOptions,
  Schema,
  UsersService,
} from '@regstack/nestjs';
import { CapturedMail } from '@regstack/nestjs/testing';
import { DATABASES, dropDatabases, freshDatabase, rowsOf } from '../support/databases';
import { OTHER_PASSWORD } from '../flows/scene';
import { PASSWORD } from '../support/demo';
import { Host, SETTINGS } from '../support/host';
import { sqliteFileOf } from '../support/databases/sqlite.databases';
import { describeOn } from '../support/stores';

const EMAIL = 'ann@example.org';
const SECRET = 'another secret of at least thirty-two bytes';

describe('an app as a command boots it', () => {
  let mail: CapturedMail;
  let databaseUrl: string;
  const open: { close(): Promise<void> }[] = [];
  beforeEach(async () => {
    mail = new CapturedMail();
    databaseUrl = await freshDatabase();
  });
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
    await dropDatabases();
  });

  const settings = (changes: RegStackOptions & RegStackGraphOptions = {}): RegStackModuleOptions => ({
    ...SETTINGS,
    databaseUrl,
    providers: [{ provide: Mailer, useValue: mail }],
    ...changes,
  });
  const boot = async (host: Type | DynamicModule): Promise<INestApplicationContext> => {
    const app = await NestFactory.createApplicationContext(host, { logger: false, abortOnError: false });
    open.push(app);
    return app;
  };
  const command = (host: Type | DynamicModule) => boot(RegStackModule.asCommand(host));
  const close = async (app: INestApplicationContext): Promise<void> => {
    open.splice(open.indexOf(app), 1);
    await app.close();
  };
  const usersOf = (app: INestApplicationContext): UsersService => app.get(UsersService, { strict: false });
  const schemaOf = (app: INestApplicationContext): Schema => app.get(Schema, { strict: false });

  it.each([true, false])(
    'takes the schema as it is with auto_migrate = %s, and has it brought up to date',
    async (autoMigrate) => {
      const app = await command(RegStackModule.forRoot(settings({ autoMigrate })));
      const pending = await schemaOf(app).pending();
      expect(pending.length).toBeGreaterThan(5);
      expect(await rowsOf(databaseUrl)).toBe('');
      expect(await schemaOf(app).bringUpToDate()).toEqual(pending);
      await usersOf(app).createAdmin({ email: EMAIL, password: PASSWORD });
      await close(app);
      // What it did is in the audit log.
      expect(await rowsOf(databaseUrl)).toContain('user.registered');
    },
  );

  it('sends nothing: what it has to tell, and what waits already, is left to the app', async () => {
    const module = RegStackModule.forRoot(settings());
    const app = await command(module);
    await schemaOf(app).bringUpToDate();
    const { id } = await usersOf(app).createAdmin({ email: EMAIL, password: PASSWORD });
    await usersOf(app).setPassword(id, OTHER_PASSWORD);
    await turn();
    await close(app);
    await close(await command(module));
    expect(mail.sent).toEqual([]);
    await boot(module);
    expect((await mail.to(EMAIL)).text).toContain('password');
  });

  it('starts without a key that stored secrets need, which the app does not', async () => {
    const app = await command(RegStackModule.forRoot(settings()));
    await schemaOf(app).bringUpToDate();
    const { id } = await usersOf(app).createAdmin({ email: EMAIL, password: PASSWORD });
    await close(app);
    const sql = `UPDATE regstack_users SET totp_secret = 'gone.x.y.z', totp_kid = 'gone' WHERE id = '${id}'`;
    const { default: Database } = await import('better-sqlite3');
    new Database(sqliteFileOf(databaseUrl)).exec(sql).close();
    const module = RegStackModule.forRoot(settings());
    await expect(boot(module)).rejects.toThrow('jwt_previous_secrets');
    expect(await usersOf(await command(module)).findById(id)).toMatchObject({ email: EMAIL });
  });

  it('a host of its own, with settings from a factory and two instances: it goes for both, and for no other app', async () => {
    const admins = await freshDatabase();
    const async = RegStackModule.forRootAsync({
      isGlobal: false,
      useFactory: async () => ({ ...SETTINGS, databaseUrl }),
      providers: [{ provide: Mailer, useValue: mail }],
    });
    const second = RegStackModule.forRoot(
      settings({ name: 'admins', databaseUrl: admins, jwtSecret: SECRET, isGlobal: false }),
    );
    @Module({ imports: [async], exports: [async] })
    class Members {}
    @Module({ imports: [second], exports: [second] })
    class Admins {}
    @Module({ imports: [Members, Admins] })
    class AppModule {}
    await command(AppModule);
    expect([await rowsOf(databaseUrl), await rowsOf(admins)]).toEqual(['', '']);
    const host = await Host.start({ imports: [RegStackModule.forRoot(settings())] });
    open.push({ close: () => host.stop() });
    expect(await rowsOf(databaseUrl)).not.toBe('');
    await host.member(mail, EMAIL);
    expect(await rowsOf(admins)).toBe('');
  });

  describeOn(['sqlite', 'postgres', 'mongo'], 'beside the connection of a host', (kind) => {
    it('takes the schema as it is as well', async () => {
      const url = await DATABASES[kind].fresh();
      const typeorm =
        kind === 'sqlite'
          ? { type: 'better-sqlite3', database: sqliteFileOf(url) }
          : { type: 'postgres', url };
      @Module({
        imports: [
          kind === 'mongo' ? MongooseModule.forRoot(url) : TypeOrmModule.forRoot(typeorm as never),
          RegStackModule.forRoot({
            ...SETTINGS,
            connection: kind === 'mongo' ? { mongoose: 'default' } : { typeorm: 'default' },
          }),
        ],
      })
      class AppModule {}
      const app = await command(AppModule);
      const pending = await schemaOf(app).pending();
      expect(pending.length).toBeGreaterThan(5);
      expect(await schemaOf(app).bringUpToDate()).toEqual(pending);
      expect(await usersOf(app).createAdmin({ email: EMAIL, password: PASSWORD })).toMatchObject({
        email: EMAIL,
      });
      await close(app);
      await DATABASES[kind].drop(url);
    });
  });
});
