import type { MemoryStore } from '../../../libs/regstack/src/persistence/memory/memory.store';
import type { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import type { TypeOrmStore } from '../../../libs/regstack/src/persistence/typeorm/typeorm.store';
import type { SealedPurpose } from '../../../libs/regstack/src/ports/key-use.repository';
import type { Store } from '../../../libs/regstack/src/ports/store';
import { collectionsOf } from './mongo.collections';
import { gate, type Mutants, pause, replace } from './mutant';

/** Writes past the repositories, whatever stands there. */
interface Writes<S> {
  readonly text: (store: S, purpose: SealedPurpose, id: string, text: string) => unknown;
  readonly step: (store: S, id: string, lastStep: number) => unknown;
}

const keyIdOf = (text: string): string => text.split('.', 1)[0]!;

/** The text is compared by a look, then written. */
const resealByLook =
  <S extends Store>({ text: write }: Writes<S>) =>
  (store: S): void =>
    replace(store.keyUses, {
      async reseal(purpose, id, from, to) {
        const page = { before: null, limit: 50 };
        const found = await store.keyUses.findSealed(purpose, keyIdOf(from), page);
        await pause();
        if (!found.some((one) => one.id === id && one.text === from)) return false;
        await write(store, purpose, id, to);
        return true;
      },
    });

/** The same, and the message is sent between the looks and the writes, however long a look takes. */
const resealWhatIsSent =
  <S extends Store>(writes: Writes<S>) =>
  (store: S): void => {
    const looked = gate();
    const findSealed = store.keyUses.findSealed.bind(store.keyUses);
    replace(store.keyUses, { findSealed: (...query) => findSealed(...query).finally(looked.open) });
    resealByLook(writes)(store);
    const settle = store.outbox.settle.bind(store.outbox);
    replace(store.outbox, {
      async settle(...report) {
        await looked.opened.then(pause);
        return settle(...report);
      },
    });
  };

/** The app is read, and written back with another text. */
const resealByCopy =
  <S extends Store>({ step: write }: Writes<S>) =>
  (store: S): void => {
    const reseal = store.keyUses.reseal.bind(store.keyUses);
    replace(store.keyUses, {
      async reseal(purpose, id, from, to) {
        const found = await store.users.findCredentials(id);
        await pause();
        const isDone = await reseal(purpose, id, from, to);
        if (isDone) await write(store, id, found!.totp!.lastStep);
        return isDone;
      },
    });
  };

const mutantsOf = <S extends Store>(writes: Writes<S>): Mutants<S> => ({
  'keyUses: R61: of parallel writes over one secret exactly one counts, and it is what stands':
    resealByLook(writes),
  'keyUses: R61: of parallel writes over one message exactly one counts, and it is what stands':
    resealByLook(writes),
  'keyUses: R61: an app that is replaced meanwhile stays the one that took its place': resealByLook(writes),
  'keyUses: R61: an app that is removed meanwhile does not come back': resealByLook(writes),
  'keyUses: R61, P7: a step that is used up meanwhile stays used up': resealByCopy(writes),
  'keyUses: R61: a message that is sent meanwhile is sent, and nothing of it comes back':
    resealWhatIsSent(writes),
});

export const memoryKeyUsesMutants: Mutants<MemoryStore> = mutantsOf({
  text({ tables: { users, outbox } }, purpose, id, text) {
    if (purpose === 'outbox') outbox.set(id, { ...outbox.get(id)!, sealedBody: text });
    else users.set(id, { ...users.get(id)!, totp: { lastStep: 0, sealedSecret: text } });
  },
  step({ tables: { users } }, id, lastStep) {
    const user = users.get(id)!;
    users.set(id, { ...user, totp: { ...user.totp!, lastStep } });
  },
});

export const sqlKeyUsesMutants: Mutants<TypeOrmStore> = mutantsOf({
  text: ({ sql, tables: { users, outbox } }, purpose, id, text) =>
    purpose === 'totp'
      ? sql.rows(`UPDATE ${users} SET totp_secret = ?, totp_kid = ? WHERE id = ?`, [text, keyIdOf(text), id])
      : sql.rows(`UPDATE ${outbox} SET sealed_body = ? WHERE id = ?`, [text, id]),
  step: ({ sql, tables }, id, lastStep) =>
    sql.rows(`UPDATE ${tables.users} SET totp_last_step = ? WHERE id = ?`, [lastStep, id]),
});

export const mongoKeyUsesMutants: Mutants<MongooseStore> = mutantsOf({
  text: (store, purpose, id, text) =>
    purpose === 'totp'
      ? collectionsOf(store).users.updateOne(
          { _id: id },
          { $set: { 'totp.secret': text, 'totp.key_id': keyIdOf(text) } },
        )
      : collectionsOf(store).outbox.updateOne({ _id: id }, { $set: { sealed_body: text } }),
  step: (store, id, lastStep) =>
    collectionsOf(store).users.updateOne({ _id: id }, { $set: { 'totp.last_step': lastStep } }),
});
