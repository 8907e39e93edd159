import { setTimeout as delay } from 'node:timers/promises';
import type { mongo } from 'mongoose';
import { unavailable } from '../../kernel/errors';
import type { LastAdmin } from '../../ports/account.repository';
import { PRESENT, targetOf, updateOf } from './account.steps';
import type { AdminsDocument, StepDocument, UserDocument } from './documents';
import type { Mongo } from './mongo';
import { DuplicateKey } from './mongo.errors';
import { USER_FIELDS, type UserFields } from './records';

/** The `_id` of the one document. */
const ADMINS = 'admins';
const ADMIN = { is_active: true, is_superuser: true } as const;
const NO_ADMIN = { $nor: [ADMIN] };
/** More rounds than operations are expected at once, each of which lets one of them through, and the pause between two, ms. */
const ROUNDS = 250;
const PAUSE_MS = 20;

/** What came of a step: the user before it; undefined where somebody else got in between, and it has to be looked at again. */
type Outcome = UserFields | LastAdmin | null | undefined;

/**
 * Leaves one active superuser (P5). Whatever takes an active one away goes through one document, one at a time: it is claimed there by
 * a compare-and-set on `seq`, done, and cleared. So nobody is taken away between a look at the users and a claim that succeeds at the
 * `seq` of before that look. A crash leaves the claim in `pending`, with all it takes to finish it, and whoever comes next does that
 * first. What makes somebody an admin needs none of it: it cannot break the rule.
 *
 * The document holds no list of admins: rights that a host changed in the database count as well.
 */
export class MongooseAdmins {
  constructor(private readonly mongo: Mongo) {}

  /** Does a step that may take an active admin away. Answers the user before it; null when there is none. */
  async takeAway(step: StepDocument): Promise<UserFields | LastAdmin | null> {
    for (let round = 0; round < ROUNDS; round++) {
      const outcome = (await this.apply(step, NO_ADMIN, null)) ?? (await this.decide(step));
      if (outcome !== undefined) return outcome;
      await delay(PAUSE_MS * Math.random());
    }
    throw unavailable(new Error('too many change the rights of admins at once'));
  }

  /** Finishes what a crash left claimed. */
  async finish(): Promise<void> {
    const found = await this.mongo.run(({ admins }) => admins.findOne({ _id: ADMINS }));
    if (found?.pending) await this.carryOut(found.seq, found.pending);
  }

  /** The order is what makes it exact: `seq`, then the users, then the claim at that `seq`. */
  private async decide(step: StepDocument): Promise<Outcome> {
    const found = await this.read();
    if (!found) return undefined;
    if (found.pending) {
      await this.carryOut(found.seq, found.pending);
      return undefined;
    }
    const target = await this.find(targetOf(step));
    if (!target) return null;
    // Not any more, or not yet when it was written to.
    if (!target.is_active || !target.is_superuser) return undefined;
    if (!(await this.find({ ...ADMIN, ...PRESENT, _id: { $ne: step.user_id } }))) return 'last_admin';
    if (!(await this.claim(found.seq, step))) return undefined;
    const before = await this.carryOut(found.seq + 1, step);
    return before ?? ((await this.wasDone(found.seq + 1, step)) ? target : undefined);
  }

  /** The document; null where it was missing a moment ago. */
  private async read(): Promise<AdminsDocument | null> {
    const found = await this.mongo.run(({ admins }) => admins.findOne({ _id: ADMINS }));
    if (found) return found;
    // One that was lost goes on above the numbers that users were marked with before.
    const first = { _id: ADMINS, seq: Date.now(), pending: null };
    try {
      await this.mongo.run(({ admins }) => admins.insertOne(first));
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error;
    }
    return null;
  }

  private async claim(seq: number, step: StepDocument): Promise<boolean> {
    const update = { $set: { seq: seq + 1, pending: step } };
    const { matchedCount } = await this.mongo.run(({ admins }) =>
      admins.updateOne({ _id: ADMINS, seq, pending: null }, update),
    );
    return matchedCount === 1;
  }

  /**
   * Does what is claimed under `seq`, unless it is done already, and clears it. The number that it leaves on the user keeps one who was
   * late from doing it again, also after the user has become an admin again.
   */
  private async carryOut(seq: number, step: StepDocument): Promise<UserFields | null> {
    const before = await this.apply(step, { admin_seq: { $not: { $gte: seq } } }, seq);
    await this.mongo.run(({ admins }) => admins.updateOne({ _id: ADMINS, seq }, { $set: { pending: null } }));
    return before;
  }

  /**
   * True when somebody else did what we claimed. A change is always done by then; a deletion may have met an epoch that rose after the
   * look at the user, and has left its number there where it did not.
   */
  private async wasDone(seq: number, { user_id, removal }: StepDocument): Promise<boolean> {
    if (!removal) return true;
    const user = await this.mongo.run(({ users }) => users.findOne({ _id: user_id }));
    return user?.admin_seq === seq;
  }

  private apply(
    step: StepDocument,
    condition: mongo.Filter<UserDocument>,
    seq: number | null,
  ): Promise<UserFields | null> {
    const query = { ...targetOf(step), ...condition };
    return this.mongo.run(({ users }) =>
      users.findOneAndUpdate(query, updateOf(step, seq), {
        returnDocument: 'before',
        projection: USER_FIELDS,
      }),
    );
  }

  private find(query: mongo.Filter<UserDocument>): Promise<UserFields | null> {
    return this.mongo.run(({ users }) => users.findOne<UserFields>(query, { projection: USER_FIELDS }));
  }
}
