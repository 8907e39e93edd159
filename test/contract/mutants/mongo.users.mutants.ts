import type { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import {
  intentDocument,
  queuedDocument,
  undoDocument,
  userDocument,
  userFrom,
} from '../../../libs/regstack/src/persistence/mongoose/records';
import type { OutboxMessage } from '../../../libs/regstack/src/ports/outbox.repository';
import { EmailTakenError } from '../../../libs/regstack/src/ports/user.repository';
import { collectionsOf, dropAddressIndexes } from './mongo.collections';
import { type Mutants, pause, replace, undoByEpoch } from './mutant';

const queue = async (store: MongooseStore, notices: readonly OutboxMessage[]): Promise<void> => {
  const documents = notices.map((notice) => queuedDocument(intentDocument(notice)));
  if (documents.length > 0) await collectionsOf(store).outbox.insertMany(documents);
};

const create = (store: MongooseStore): void =>
  replace(store.users, {
    async create(user) {
      await dropAddressIndexes(store);
      const taken = await store.users.isTaken(user.email, user.createdAt);
      await pause();
      if (taken) throw new EmailTakenError();
      const document = userDocument(user);
      await collectionsOf(store).users.insertOne(document);
      return userFrom(document);
    },
  });

const changeEmail = (store: MongooseStore): void =>
  replace(store.users, {
    async changeEmail(id, expectedEpoch, { email, undo: open }, notices, now) {
      const { users } = collectionsOf(store);
      await dropAddressIndexes(store);
      const user = await store.users.findCredentials(id);
      const isOurs = user?.emailUndo?.email === email;
      const taken = !isOurs && (await store.users.isTaken(email, now));
      await pause();
      if (user?.authEpoch !== expectedEpoch || taken) return null;
      const claims = [email, open.email];
      const $set = { email, claims, undo: undoDocument(open), auth_epoch: expectedEpoch + 1 };
      await users.updateOne({ _id: id }, { $set });
      await queue(store, notices);
      return store.users.findById(id);
    },
  });

const undo = (store: MongooseStore): void =>
  replace(store.users, {
    async undoEmailChange(id, { email, tokenHash }, notices) {
      const user = await store.users.findCredentials(id);
      await pause();
      if (user?.emailUndo?.tokenHash !== tokenHash) return null;
      const $set = { email, claims: [email], password_hash: null, auth_epoch: user.authEpoch + 1 };
      await collectionsOf(store).users.updateOne({ _id: id }, { $set, $unset: { undo: '' } });
      await queue(store, notices);
      return store.users.findById(id);
    },
  });

/** The race cases of users with find-then-write in their place. */
export const mongoUsersMutants: Mutants<MongooseStore> = {
  'users: of parallel creations on one address exactly one wins': create,
  'users: P1: of parallel changes with one epoch exactly one wins, and what it set is what stands': (store) =>
    replace(store.users, {
      async changeCredentials(id, expectedEpoch, { passwordHash }, notices) {
        const { users } = collectionsOf(store);
        const user = await users.findOne({ _id: id });
        await pause();
        if (user?.auth_epoch !== expectedEpoch) return null;
        const $set = { password_hash: passwordHash!, auth_epoch: expectedEpoch + 1 };
        await users.updateOne({ _id: id }, { $set });
        await queue(store, notices);
        return store.users.findById(id);
      },
    }),
  'users: P8: a hash is replaced once, by whoever knows the old one, and the epoch stays': (store) =>
    replace(store.users, {
      async replaceHash(id, oldHash, newHash) {
        const { users } = collectionsOf(store);
        const found = await users.findOne({ _id: id });
        await pause();
        if (found?.password_hash !== oldHash) return false;
        await users.updateOne({ _id: id }, { $set: { password_hash: newHash } });
        return true;
      },
    }),
  'users: P9: of parallel changes of one user’s address exactly one wins; of the others none is held':
    changeEmail,
  'users: P9: of parallel changes by many users to one address, and creations there, exactly one wins': (
    store,
  ) => {
    create(store);
    changeEmail(store);
  },
  'users: P9: an address that is free again goes to exactly one of those who want it, its former holder among them':
    (store) => {
      create(store);
      changeEmail(store);
    },
  'users: P9: of parallel undos exactly one wins': undo,
  'users: P9: an undo wins against whatever a thief changes at the same time': undoByEpoch,
};
