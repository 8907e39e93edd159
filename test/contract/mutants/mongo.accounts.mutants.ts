import { changeStep, updateOf } from '../../../libs/regstack/src/persistence/mongoose/account.steps';
import type { UserDocument } from '../../../libs/regstack/src/persistence/mongoose/documents';
import type { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import { sessionDocument, userFrom } from '../../../libs/regstack/src/persistence/mongoose/records';
import { changedUser } from '../../../libs/regstack/src/ports/account-changes';
import { collectionsOf } from './mongo.collections';
import { type Mutants, pause, replace } from './mutant';

const ADMIN = { is_active: true, is_superuser: true };

const find = (store: MongooseStore, id: string): Promise<UserDocument | null> =>
  collectionsOf(store).users.findOne({ _id: id });

/** True when nobody but this user is active and a superuser: the look that others get in after. */
async function isLastAdmin(store: MongooseStore, id: string): Promise<boolean> {
  const admins = await collectionsOf(store).users.find(ADMIN).toArray();
  return admins.length === 1 && admins[0]!._id === id;
}

/** Guard by a look, then the one write that merges: nothing is lost but the guard. */
const changeUnguarded = (store: MongooseStore): void =>
  replace(store.accounts, {
    async changeAccount(id, changes) {
      const isLast = await isLastAdmin(store, id);
      await pause();
      if (isLast && (changes.isActive === false || changes.isSuperuser === false)) return 'last_admin';
      const update = updateOf(changeStep(id, changes), null);
      const found = await collectionsOf(store).users.findOneAndUpdate({ _id: id }, update);
      const before = found && userFrom(found);
      return before && { before, user: changedUser(before, changes) };
    },
  });

/** The user is read, and what it becomes is written back: what others changed in between is lost. */
const changeByCopy = (store: MongooseStore): void =>
  replace(store.accounts, {
    async changeAccount(id, changes) {
      const before = userFrom((await find(store, id))!);
      await pause();
      const user = changedUser(before, changes);
      const $set = { is_active: user.isActive, auth_epoch: user.authEpoch };
      await collectionsOf(store).users.updateOne({ _id: id }, { $set });
      return { before, user };
    },
  });

/** Fields are written by themselves, and the attributes as they were read: only they are lost. */
const mergeByCopy = (store: MongooseStore): void =>
  replace(store.accounts, {
    async changeAccount(id, { attributes, ...others }) {
      const { users } = collectionsOf(store);
      const read = userFrom((await find(store, id))!);
      await pause();
      const found = await users.findOneAndUpdate({ _id: id }, updateOf(changeStep(id, others), null));
      const before = userFrom(found!);
      const user = changedUser(
        { ...before, attributes: read.attributes },
        { ...others, attributes: attributes ?? {} },
      );
      if (attributes) await users.updateOne({ _id: id }, { $set: { attributes: user.attributes } });
      return { before, user };
    },
  });

/** Guard by a look, then the deletion. */
const removeUnguarded = (store: MongooseStore): void => {
  const remove = store.accounts.remove.bind(store.accounts);
  replace(store.accounts, {
    async remove(id, removal) {
      const isLast = await isLastAdmin(store, id);
      await pause();
      if (isLast) return 'last_admin';
      // No guard of its own is in the way of somebody who is no superuser.
      await collectionsOf(store).users.updateOne({ _id: id }, { $set: { is_superuser: false } });
      return remove(id, removal);
    },
  });
};

/** The user is found, then removed, whoever was faster: each removal has its user and its notices. */
const removeByLook = (store: MongooseStore): void =>
  replace(store.accounts, {
    async remove(id, { notices }) {
      const found = await find(store, id);
      await pause();
      if (!found) return null;
      await collectionsOf(store).users.deleteOne({ _id: id });
      for (const notice of notices) await store.outbox.enqueue(notice);
      return userFrom(found);
    },
  });

/** The user is found, then the session stored, without another look. */
const openByLook = (store: MongooseStore): void =>
  replace(store.sessions, {
    async open(session) {
      const found = await find(store, session.userId);
      await pause();
      if (!found) return null;
      await collectionsOf(store).sessions.insertOne(sessionDocument(session));
      return userFrom(found);
    },
  });

/** The race cases of accounts with find-then-write in their place. */
export const mongoAccountsMutants: Mutants<MongooseStore> = {
  'accounts: of parallel changes of different fields and attributes all stand, and each answers what it did':
    mergeByCopy,
  'accounts: W12: of parallel disablings exactly one finds the user active, and the epoch rises once':
    changeByCopy,
  'accounts: P5: of two admins who demote or disable each other at once exactly one is refused, in each of 32 rounds':
    changeUnguarded,
  'accounts: P5: of two admins who are removed at once exactly one is refused, in each of 32 rounds':
    removeUnguarded,
  'accounts: P5: of many admins who are demoted, disabled and removed at once exactly one is left': (
    store,
  ) => {
    changeUnguarded(store);
    removeUnguarded(store);
  },
  'accounts: P6: of parallel removals exactly one gets the user, and one notice is queued': removeByLook,
  'accounts: P6: a removal leaves no session, also of openings under way': openByLook,
};
