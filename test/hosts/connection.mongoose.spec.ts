import { getConnectionToken, MongooseModule } from '@nestjs/mongoose';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Mailer, RegStackModule } from '@regstack/nestjs';
import { CapturedMail } from '@regstack/nestjs/testing';
import type { Connection } from 'mongoose';
import { DATABASES } from '../support/databases';
import { Host, SETTINGS } from '../support/host';
import { storesOfRun } from '../support/stores';

const describeIf = storesOfRun().includes('mongo') ? describe : describe.skip;

describeIf('the MongoDB database of a host that has one already', () => {
  const mail = new CapturedMail();
  const providers = [{ provide: Mailer, useValue: mail }];
  let url: string;
  let host: Host | undefined;
  beforeEach(async () => {
    url = await DATABASES.mongo.fresh();
  });
  afterEach(async () => {
    await host?.stop();
    host = undefined;
    await DATABASES.mongo.drop(url);
  });

  it.each([undefined, 'second'])(
    'connection: our collections in the database of the Connection %s, which stays the host’s',
    async (name) => {
      host = await Host.start({
        imports: [
          MongooseModule.forRoot(url, name === undefined ? {} : { connectionName: name }),
          RegStackModule.forRoot({ ...SETTINGS, connection: { mongoose: name ?? 'default' }, providers }),
        ],
      });
      const email = `shared-${name}@example.org`;
      const token = await host.member(mail, email);
      expect((await host.call('GET', '/orders', undefined, token)).status).toBe(200);
      const hosts = host.app.get<Connection>(getConnectionToken(name), { strict: false });
      const users = await hosts.collection('regstack_users').find().toArray();
      expect(users).toMatchObject([{ email }]);
      expect(host.app.get(getConnectionToken('regstack'), { strict: false })).toBe(hosts);
    },
  );

  it('alone, the Connection is there for reports, and there is no DataSource', async () => {
    host = await Host.start({
      imports: [RegStackModule.forRoot({ ...SETTINGS, databaseUrl: url, providers })],
    });
    await host.member(mail, 'report@example.org');
    const ours = host.app.get<Connection>(getConnectionToken('regstack'), { strict: false });
    const [found] = await ours.model('regstack_users').find().lean();
    expect(found).toMatchObject({
      email: 'report@example.org',
      is_active: true,
      created_at: expect.any(Date),
    });
    expect(host.app.get(getDataSourceToken('regstack'), { strict: false })).toBeNull();
  });
});
