import type { Connection } from 'mongoose';
import { within } from '../../kernel/within';
import { prepareSchema, type SchemaAtOpen } from '../../ports/schema';
import { Store, StoreOpenError } from '../../ports/store';
import { Mongo } from './mongo';
import { borrow, cannotOpen, cannotShare, connect, type ConnectionSettings } from './mongo.connection';
import { MongooseAccountRepository } from './mongoose.accounts';
import { MongooseAdmins } from './mongoose.admins';
import { MongooseAuditRepository } from './mongoose.audit';
import { MongooseBudgetRepository } from './mongoose.budgets';
import { MongooseChallengeRepository } from './mongoose.challenges';
import { MongooseDeadLetters } from './mongoose.dead-letters';
import { MongooseDeletions } from './mongoose.deletions';
import { MongooseIntents } from './mongoose.intents';
import { MongooseKeyUseRepository } from './mongoose.key-uses';
import { MongooseOutboxRepository } from './mongoose.outbox';
import { MongoosePendingRegistrationRepository } from './mongoose.pending-registrations';
import { MongooseSchema } from './mongoose.schema';
import { MongooseSessionRepository } from './mongoose.sessions';
import { MongooseSweeper } from './mongoose.sweeper';
import { MongooseTrustedDeviceRepository } from './mongoose.trusted-devices';
import { MongooseUserRepository } from './mongoose.users';
import { registerModels } from './schemas';

/** How a store is opened. */
export interface OpenOptions extends ConnectionSettings {
  readonly tablePrefix: string;
  readonly schema: SchemaAtOpen;
  readonly timeoutMs: number;
}

/** MongoDB behind the ports: a standalone server or a replica set, without transactions on either. */
export class MongooseStore extends Store {
  override readonly users;
  override readonly accounts;
  override readonly pendingRegistrations;
  override readonly sessions;
  override readonly challenges;
  override readonly budgets;
  override readonly outbox;
  override readonly audit;
  override readonly trustedDevices;
  override readonly keyUses;
  override readonly sweeper;
  private closing: Promise<void> | undefined;

  private constructor(
    readonly mongo: Mongo,
    override readonly schema: MongooseSchema,
    private readonly end: () => Promise<void>,
  ) {
    super();
    this.users = new MongooseUserRepository(mongo);
    this.sessions = new MongooseSessionRepository(mongo);
    const intents = new MongooseIntents(mongo);
    this.outbox = new MongooseOutboxRepository(mongo, intents);
    this.challenges = new MongooseChallengeRepository(mongo, this.outbox);
    this.budgets = new MongooseBudgetRepository(mongo);
    const pendingRegistrations = new MongoosePendingRegistrationRepository(mongo, this);
    this.pendingRegistrations = pendingRegistrations;
    this.audit = new MongooseAuditRepository(mongo);
    this.trustedDevices = new MongooseTrustedDeviceRepository(mongo);
    this.keyUses = new MongooseKeyUseRepository(mongo, intents);
    const admins = new MongooseAdmins(mongo);
    const deletions = new MongooseDeletions(mongo, { intents, pendingRegistrations });
    this.accounts = new MongooseAccountRepository(mongo, admins, deletions);
    this.sweeper = new MongooseSweeper(admins, deletions, this.audit, new MongooseDeadLetters(mongo));
  }

  /** For the host: reports over the models. */
  get connection(): Connection {
    return this.mongo.connection;
  }

  /**
   * Opens the database of a URL over a connection of our own, and does about its indexes what the options say.
   * @throws StoreOpenError naming the setting and the cure
   */
  static async open(url: string, options: OpenOptions): Promise<MongooseStore> {
    const connection = await connect(url, options);
    const mongo = new Mongo(connection, options.tablePrefix, options.timeoutMs);
    try {
      const schema = await prepare(mongo, options, (cause) => cannotOpen(url, cause));
      return new MongooseStore(mongo, schema, () => endWithin(connection, options.timeoutMs));
    } catch (error) {
      await endWithin(connection, options.timeoutMs);
      throw error instanceof StoreOpenError ? error : cannotOpen(url, error);
    }
  }

  /**
   * Opens a store on the host's own Mongoose connection, in its database. Closing the store leaves the connection open.
   * @throws StoreOpenError naming the option and the cure
   */
  static async openBeside(hostConnection: unknown, options: OpenOptions): Promise<MongooseStore> {
    const mongo = new Mongo(await borrow(hostConnection), options.tablePrefix, options.timeoutMs);
    try {
      return new MongooseStore(mongo, await prepare(mongo, options, cannotShare), async () => {});
    } catch (error) {
      throw error instanceof StoreOpenError ? error : cannotShare(error);
    }
  }

  override ping(): Promise<void> {
    return this.mongo.ping();
  }

  override serverTime(): Promise<Date> {
    return this.mongo.serverTime();
  }

  override close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }
}

async function prepare(
  mongo: Mongo,
  options: OpenOptions,
  explained: (cause: unknown) => StoreOpenError,
): Promise<MongooseSchema> {
  const schema = new MongooseSchema(mongo, explained);
  await prepareSchema(schema, options.schema);
  registerModels(mongo.connection, options.tablePrefix);
  return schema;
}

/** Ends a connection; the driver says good-bye to the server, which may be frozen or gone. Never rejects: nobody could mend it. */
async function endWithin(connection: Connection, timeoutMs: number): Promise<void> {
  const ended = connection.destroy().catch(() => {});
  await within(timeoutMs, ended, { ref: false });
}
