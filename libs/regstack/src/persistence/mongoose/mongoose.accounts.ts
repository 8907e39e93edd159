import type { mongo } from 'mongoose';
import { changedUser, removesAdmin } from '../../ports/account-changes';
import {
  type AccountChanges,
  AccountRepository,
  type ChangedAccount,
  type ChangeNotices,
  type LastAdmin,
  type Removal,
  type UserCounts,
  type UserQuery,
} from '../../ports/account.repository';
import type { Keyset } from '../../ports/keyset';
import type { UserRecord } from '../../ports/user.repository';
import { changeStep, PRESENT, removalStep, targetOf, updateOf } from './account.steps';
import { attributesDocument } from './attributes';
import type { StepDocument, UserDocument } from './documents';
import { onFreeAddresses } from './held-addresses';
import type { Mongo } from './mongo';
import type { MongooseAdmins } from './mongoose.admins';
import type { MongooseDeletions } from './mongoose.deletions';
import { behind, NEWEST_FIRST } from './pages';
import { plain } from './plain';
import { USER_FIELDS, type UserFields, userFrom } from './records';
import { containing, containingInAnyCase } from './texts';

type CountsOfUsers = Omit<UserCounts, 'pendingRegistrations'>;

const NOBODY: CountsOfUsers = { total: 0, active: 0, verified: 0, superusers: 0 };

export class MongooseAccountRepository extends AccountRepository {
  constructor(
    private readonly mongo: Mongo,
    private readonly admins: MongooseAdmins,
    private readonly deletions: MongooseDeletions,
  ) {
    super();
  }

  override async changeAccount(
    id: string,
    changes: AccountChanges,
    notices: ChangeNotices = {},
  ): Promise<ChangedAccount | LastAdmin | null> {
    const step = changeStep(id, changes, notices);
    const found = await (removesAdmin(changes) ? this.admins.takeAway(step) : this.change(step));
    if (!found || found === 'last_admin') return found;
    const before = userFrom(found);
    return { before, user: changedUser(before, named(changes)) };
  }

  /**
   * The first write decides. The account is gone with it: what fails from there on is no failure of the deletion, and the sweeper
   * goes on with it.
   */
  override async remove(id: string, removal: Removal): Promise<UserRecord | LastAdmin | null> {
    const found = await this.admins.takeAway(removalStep(id, removal));
    if (!found || found === 'last_admin') return found;
    await this.deletions.finish(id).catch(() => {});
    return userFrom(found);
  }

  override async list(
    query: UserQuery,
    page: Keyset & { readonly skip: number },
  ): Promise<readonly UserRecord[]> {
    const { limit, skip } = page;
    const options = { projection: USER_FIELDS, sort: NEWEST_FIRST, limit, skip };
    const filter = { ...matching(query), ...behind(page) };
    const found = await this.mongo.run(({ users }) => users.find<UserFields>(filter, options).toArray());
    return found.map(userFrom);
  }

  override async countOf(query: UserQuery): Promise<number> {
    return this.mongo.run(({ users }) => users.countDocuments(matching(query)));
  }

  /** Users as they were at one moment, and attempts as they were at another. */
  override async counts(now: Date): Promise<UserCounts> {
    const [users, pendingRegistrations] = await Promise.all([this.countUsers(), this.countWaiting(now)]);
    return { ...users, pendingRegistrations };
  }

  private change(step: StepDocument): Promise<UserFields | null> {
    return this.mongo.run(({ users }) =>
      users.findOneAndUpdate(targetOf(step), updateOf(step, null), {
        returnDocument: 'before',
        projection: USER_FIELDS,
      }),
    );
  }

  private async countUsers(): Promise<CountsOfUsers> {
    const pipeline = [
      { $match: PRESENT },
      {
        $group: {
          _id: null,
          total: { $sum: 1 },
          active: those('$is_active'),
          verified: those('$is_verified'),
          superusers: those('$is_superuser'),
        },
      },
      { $project: { _id: 0 } },
    ];
    const [counts] = await this.mongo.run(({ users }) => users.aggregate<CountsOfUsers>(pipeline).toArray());
    return counts ?? NOBODY;
  }

  private async countWaiting(now: Date): Promise<number> {
    const pipeline = [
      { $match: { expires_at: { $gt: now } } },
      { $group: { _id: '$email' } },
      ...onFreeAddresses(this.mongo, '_id', now),
      { $count: 'waiting' },
    ];
    const [counted] = await this.mongo.run(({ pending }) =>
      pending.aggregate<{ waiting: number }>(pipeline).toArray(),
    );
    return counted?.waiting ?? 0;
  }
}

/** How many have this flag. */
const those = (field: string) => ({ $sum: { $cond: [field, 1, 0] } });

/** What a change names, in the form in which it comes back from the database. */
function named(changes: AccountChanges): AccountChanges {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(entries), attributes: attributesDocument(changes.attributes ?? {}) };
}

function matching({ search, isActive, isVerified, isSuperuser }: UserQuery): mongo.Filter<UserDocument> {
  const flags = { is_active: isActive, is_verified: isVerified, is_superuser: isSuperuser };
  const wanted = Object.entries(plain(flags)).filter(([, value]) => value !== null);
  return { ...PRESENT, ...Object.fromEntries(wanted), ...(search !== null && naming(search)) };
}

function naming(text: string): mongo.Filter<UserDocument> {
  const { search } = plain({ search: text });
  return {
    $or: [
      { email: { $regex: containing(search.toLowerCase()) } },
      { full_name: { $regex: containingInAnyCase(search) } },
    ],
  };
}
