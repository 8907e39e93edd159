import type { Collections } from '../../../libs/regstack/src/persistence/mongoose/collections';
import { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import { idsOf } from '../../../libs/regstack/src/testing/contracts/contract';
import {
  addressOf,
  aRecord,
  aRemoval,
  at,
  aUser,
  T0,
} from '../../../libs/regstack/src/testing/contracts/samples';
import { DATABASES } from '../../support/databases';
import { describeOnMongo, OPTIONS } from './topologies';

const NAMES = ['first', 'second', 'third', 'fourth'];

/** From now on the sessions of these users cannot be removed. */
function failFor(store: MongooseStore, ids: readonly string[]): void {
  const failing = <T extends object>(sessions: T): T =>
    new Proxy(sessions, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (name !== 'deleteMany' || typeof member !== 'function') return member;
        return async (query: { readonly user_id: string }): Promise<unknown> => {
          if (ids.includes(query.user_id)) throw new Error(`not ${query.user_id}`);
          return member.call(target, query) as unknown;
        };
      },
    });
  const run = store.mongo.run.bind(store.mongo);
  store.mongo.run = (operation) =>
    run((all) => operation({ ...all, sessions: failing(all.sessions) } satisfies Collections));
}

describeOnMongo('a sweep on MongoDB', () => {
  let url: string;
  const stores: MongooseStore[] = [];
  const open = async (): Promise<MongooseStore> => {
    const store = await MongooseStore.open(url, OPTIONS);
    stores.push(store);
    return store;
  };
  beforeEach(async () => {
    url = await DATABASES.mongo.fresh();
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await DATABASES.mongo.drop(url);
  });

  const left = async ({ mongo }: MongooseStore): Promise<string[]> =>
    Array.from(await mongo.patient().users.find().toArray(), ({ _id }) => _id).toSorted();

  it('goes on behind deletions that fail, removes old audit records, and throws the first error at the end', async () => {
    const [store, healthy] = [await open(), await open()];
    const users = await Promise.all(
      NAMES.map((name) => store.users.create(aUser({ email: addressOf(name) }))),
    );
    const ids = idsOf(users);
    const [old, recent] = [aRecord(), aRecord({ at: at(2) })];
    await store.audit.append([old, recent]);
    failFor(store, ids);
    for (const id of ids) await store.accounts.remove(id, aRemoval());
    expect(await left(healthy)).toEqual(ids.toSorted());

    const [first, , third] = await healthy.mongo.patient().users.find().toArray();
    const sick = await open();
    failFor(sick, [first!._id, third!._id]);
    await expect(sick.sweeper.purgeExpired(10, at(60), at(1))).rejects.toThrow(`not ${first!._id}`);
    expect(await left(healthy)).toEqual([first!._id, third!._id].toSorted());
    const page = { before: null, limit: 10 };
    expect(idsOf(await healthy.audit.list({ kind: null, names: null }, page))).toEqual([recent.id]);

    expect(await healthy.sweeper.purgeExpired(10, at(60), T0)).toBe(2);
    expect(await left(healthy)).toEqual([]);
  });
});
