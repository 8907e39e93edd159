import type { EmailAddress } from '../../kernel/email-address';
import type { NewChallenge } from '../../ports/challenge.repository';
import type { Keyset } from '../../ports/keyset';
import type { OutboxMessage } from '../../ports/outbox.repository';
import {
  type ListedAttempt,
  type LiveAttempt,
  type PendingRegistration,
  PendingRegistrationRepository,
} from '../../ports/pending-registration.repository';
import { EmailTakenError, type NewUser, type UserRecord } from '../../ports/user.repository';
import type { PendingDocument } from './documents';
import { onFreeAddresses } from './held-addresses';
import type { Mongo } from './mongo';
import type { MongooseChallengeRepository } from './mongoose.challenges';
import type { MongooseOutboxRepository } from './mongoose.outbox';
import type { MongooseUserRepository } from './mongoose.users';
import { behind, NEWEST_FIRST } from './pages';
import { plain } from './plain';
import { challengeDocument, listedAttemptFrom, pendingDocument, userOf } from './records';

/** Attempts that are dropped at a time, and how often at most: whoever waits for the answer has not made them all. */
const SLICE = 200;
const SLICES = 10;

/** The repositories whose documents an attempt brings along. */
interface Neighbours {
  readonly users: MongooseUserRepository;
  readonly challenges: MongooseChallengeRepository;
  readonly outbox: MongooseOutboxRepository;
}

export class MongoosePendingRegistrationRepository extends PendingRegistrationRepository {
  constructor(
    private readonly mongo: Mongo,
    private readonly neighbours: Neighbours,
  ) {
    super();
  }

  override async add(attempt: PendingRegistration, link: NewChallenge, mail: OutboxMessage): Promise<void> {
    const document = pendingDocument(attempt);
    // A crash after this leaves a mail without a challenge: it waits for its grace and is dropped, never sent.
    await this.neighbours.outbox.enqueue(mail);
    // A crash after this leaves an attempt that no link leads to. It expires.
    await this.mongo.run(({ pending }) => pending.insertOne(document));
    // With the link all of it comes to life at once.
    await this.neighbours.challenges.store(challengeDocument(link));
  }

  override async activate(id: string, now: Date): Promise<UserRecord | null> {
    const query = { ...plain({ _id: id }), expires_at: { $gt: now } };
    const attempt = await this.mongo.run(({ pending }) => pending.findOne(query));
    const created = attempt && (await this.create(userOf(attempt, now)));
    if (!created) return null;
    // Read and dropped since: whoever has had the address in the meantime has deleted their account.
    const isThere = await this.mongo.run(({ pending }) =>
      pending.findOne(plain({ _id: id }), { projection: { _id: 1 } }),
    );
    if (!isThere) {
      await this.mongo.run(({ users }) => users.deleteOne(plain({ _id: created.id })));
      return null;
    }
    await this.tidyUp(created);
    return created;
  }

  override async settle(user: NewUser): Promise<UserRecord | null> {
    const created = await this.create(user);
    if (created) await this.tidyUp(created);
    return created;
  }

  override async findLive(email: EmailAddress, limit: number, now: Date): Promise<readonly LiveAttempt[]> {
    const query = { ...plain({ email }), expires_at: { $gt: now } };
    const options = { projection: { expires_at: 1 }, sort: { created_at: 1, _id: 1 }, limit } as const;
    const found = await this.mongo.run(({ pending }) => pending.find(query, options).toArray());
    return found.map(({ _id: id, expires_at: expiresAt }) => ({ id, expiresAt }));
  }

  /** What is on an address that somebody has is passed over as it is read, so a page costs what it shows, and those. */
  override async list(page: Keyset, now: Date): Promise<readonly ListedAttempt[]> {
    const pipeline = [
      { $match: { ...behind(page), expires_at: { $gt: now } } },
      { $sort: NEWEST_FIRST },
      ...onFreeAddresses(this.mongo, 'email', now),
      { $limit: page.limit },
      { $project: { email: 1, full_name: 1, created_at: 1, expires_at: 1 } },
    ];
    const found = await this.mongo.run(({ pending }) =>
      pending.aggregate<Omit<PendingDocument, 'password_hash'>>(pipeline).toArray(),
    );
    return found.map(listedAttemptFrom);
  }

  /** After an activation a crash or an error within it leaves attempts that make nobody, since their address is taken. They expire. */
  override async dropAllFor(email: EmailAddress): Promise<void> {
    await this.dropLinks(email);
    for (let slice = 0; slice < SLICES; slice++) if (await this.dropSlice(email)) return;
  }

  /** The same without a bound, for an address that is to be forgotten. */
  async wipe(email: EmailAddress): Promise<void> {
    await this.dropLinks(email);
    while (!(await this.dropSlice(email)));
  }

  private async dropLinks(email: EmailAddress): Promise<void> {
    await this.mongo.run(({ challenges }) => challenges.deleteMany(plain({ subject_id: email })));
  }

  /** The links first, then the attempts, which lead to them. True when none is left. */
  private async dropSlice(email: EmailAddress): Promise<boolean> {
    const found = await this.mongo.run(({ pending }) =>
      pending.find(plain({ email }), { projection: { _id: 1 }, limit: SLICE }).toArray(),
    );
    const $in = found.map(({ _id }) => _id);
    await this.mongo.run(({ challenges }) => challenges.deleteMany({ subject_id: { $in } }));
    await this.mongo.run(({ pending }) => pending.deleteMany({ _id: { $in } }));
    return found.length < SLICE;
  }

  /** The single use: the unique indexes on id and address let one insert through, of any number of attempts. */
  private async create(user: NewUser): Promise<UserRecord | null> {
    try {
      return await this.neighbours.users.create(user);
    } catch (error) {
      if (error instanceof EmailTakenError) return null;
      throw error;
    }
  }

  /** The account is there: what fails from here on is no failure of the activation. */
  private async tidyUp({ email }: UserRecord): Promise<void> {
    await this.dropAllFor(email).catch(() => {});
  }
}
