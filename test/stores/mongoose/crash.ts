import type { Collections } from '../../../libs/regstack/src/persistence/mongoose/collections';
import type { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';

const WRITES = /^(insert|update|replace|delete|findOneAnd)/;

/** Lets so many writes through. From then on the process of this store is dead: it neither writes nor reads. */
export function crashAfter(store: MongooseStore, writes: number): { hasCrashed: boolean } {
  const process = { hasCrashed: false };
  let left = writes;
  const guarded = <T extends object>(collection: T): T =>
    new Proxy(collection, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...parameters: unknown[]): unknown => {
          const isWrite = WRITES.test(String(name));
          if (process.hasCrashed || (isWrite && left === 0)) {
            process.hasCrashed = true;
            throw new Error('crashed');
          }
          if (isWrite) left -= 1;
          return member.apply(target, parameters) as unknown;
        };
      },
    });
  const run = store.mongo.run.bind(store.mongo);
  store.mongo.run = (operation) =>
    run((collections) => {
      const all = Object.entries(collections).map(([name, one]) => [name, guarded(one)]);
      return operation(Object.fromEntries(all) as Collections);
    });
  return process;
}
