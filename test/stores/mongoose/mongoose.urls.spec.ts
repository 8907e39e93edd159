import { randomBytes } from 'node:crypto';
import { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import { DATABASES } from '../../support/databases';
import { mongoUrlOf } from '../../support/databases/mongo.databases';
import { describeOnMongo, OPTIONS } from './topologies';

describeOnMongo('the URL of a MongoDB', () => {
  const tried: string[] = [];
  afterEach(async () => {
    await Promise.all(tried.splice(0).map((url) => DATABASES.mongo.drop(url)));
  });

  /** Name of the database that a store on this URL lives in. */
  const nameAt = async (url: string, databaseName: string | null): Promise<string> => {
    const store = await MongooseStore.open(url, { ...OPTIONS, tablePrefix: 't_', databaseName });
    const { name } = store.connection;
    await store.close();
    return name;
  };
  /** A URL of the server of the run with what a test says about its path and its options. */
  const at = (path: string, options: string): string => {
    const [server, own] = mongoUrlOf(process.env['REGSTACK_TEST_MONGODB_URL']!, path).split('?');
    return `${server}?${[own, options].filter(Boolean).join('&')}`;
  };
  const some = (): string => {
    const name = `test_${randomBytes(8).toString('hex')}`;
    tried.push(mongoUrlOf(process.env['REGSTACK_TEST_MONGODB_URL']!, name));
    return name;
  };

  it.each(['', 'maxPoolSize=3'])(
    'names the database, else the setting does (options: “%s”)',
    async (options) => {
      const [named, set] = [some(), some()];
      expect(await nameAt(at(named, options), set)).toBe(named);
      expect(await nameAt(at('', options), set)).toBe(set);
    },
  );
});
