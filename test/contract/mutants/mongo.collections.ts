import type { Collections } from '../../../libs/regstack/src/persistence/mongoose/collections';
import type { MongooseStore } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';

/** The collections themselves, past the repositories. */
export const collectionsOf = (store: MongooseStore): Collections => store.mongo.patient();

/** Without the indexes that would save a mutant. Of 32 racers one drops them, the others find that they are gone. */
export async function dropAddressIndexes(store: MongooseStore): Promise<void> {
  for (const name of ['email_1', 'claims_1'])
    await collectionsOf(store)
      .users.dropIndex(name)
      .catch(() => {});
}
