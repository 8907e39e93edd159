import { loadRegStackConfig } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import { mongo } from 'mongoose';
import type { DataSource } from 'typeorm';
import { DATABASES } from '../support/databases';
import { describeOn } from '../support/stores';

const NOW = new Date('2126-03-01T12:00:00.000Z');
const LATER = new Date('2126-03-04T12:00:00.000Z');
const [PHONE, OLD, NEW] = ['+4915112345678', 'old@example.org' as never, 'new@example.org' as never];
const UNDO = { email: OLD, tokenHash: 'hash-of-undo', expiresAt: LATER };

/** Writes that prove the mailbox, each of a user of epoch 0. */
const PROOFS: Readonly<Record<string, (store: Store, id: string) => Promise<unknown>>> = {
  'a link or a reset': ({ users }, id) =>
    users.changeCredentials(id, 0, { isVerified: true, passwordHash: '$new' }, []),
  'a move to another address': ({ users }, id) =>
    users.changeEmail(id, 0, { email: NEW, undo: UNDO }, [], NOW),
};

describeOn(['sqlite', 'postgres', 'mongo'], 'P10: the first proof of a mailbox', (kind) => {
  let url: string;
  let store: Store;
  beforeEach(async () => {
    url = await DATABASES[kind].fresh();
    store = await openStore(loadRegStackConfig({ databaseUrl: url, jwtSecret: 'x'.repeat(32) }, { env: {} }));
  });
  afterEach(async () => {
    await store.close();
    await DATABASES[kind].drop(url);
  });

  /** A phone and a second factor, which no port can set. */
  async function plant(): Promise<void> {
    if (kind !== 'mongo') {
      const { dataSource } = store as Store & { readonly dataSource: DataSource };
      await dataSource.query(`UPDATE regstack_users SET phone_number = '${PHONE}', is_mfa_enabled = true`);
      return;
    }
    const client = await mongo.MongoClient.connect(url);
    const $set = { phone_number: PHONE, is_mfa_enabled: true };
    await client.db().collection('regstack_users').updateMany({}, { $set });
    await client.close();
  }

  async function user(isVerified: boolean): Promise<string> {
    const typed = { email: OLD, passwordHash: '$old', fullName: null, isSuperuser: false, attributes: {} };
    const { id } = await store.users.create({ id: 'user', ...typed, isVerified, createdAt: NOW });
    await plant();
    return id;
  }

  it.each(Object.keys(PROOFS))(
    'by %s removes the phone and the factor that were planted before it',
    async (name) => {
      const id = await user(false);
      expect(await PROOFS[name]!(store, id)).toMatchObject({
        ...{ isVerified: true, phoneNumber: null, isMfaEnabled: false, authEpoch: 1 },
      });
      expect(await store.users.findById(id)).toMatchObject({ phoneNumber: null, isMfaEnabled: false });
    },
  );

  it.each(Object.keys(PROOFS))('a later one by %s leaves them to their owner', async (name) => {
    const id = await user(true);
    expect(await PROOFS[name]!(store, id)).toMatchObject({
      ...{ isVerified: true, phoneNumber: PHONE, isMfaEnabled: true, authEpoch: 1 },
    });
  });

  it('a change that proves nothing leaves them, and the account unproved', async () => {
    const id = await user(false);
    expect(await store.users.changeCredentials(id, 0, { passwordHash: '$new' }, [])).toMatchObject({
      ...{ isVerified: false, phoneNumber: PHONE, isMfaEnabled: true },
    });
  });
});
