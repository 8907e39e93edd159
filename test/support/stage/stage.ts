import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import {
  type AccountEvent,
  Clock,
  Mailer,
  PasswordHasher,
  type RegStackGraphOptions,
  RegStackModule,
  type RegStackOptions,
  SmsSender,
} from '@regstack/nestjs';
import { CapturedMail, CapturedSms, FakeClock, MemoryStore, Store } from '@regstack/nestjs/testing';
import { DATABASES, dumpOf, expireOn, rowsOf, type ServerStore } from '../databases';
import { Host, HostController, SETTINGS } from '../host';
import { LightHasher } from './light.hasher';
import { OutboxWatch } from './outbox-watch';
import { StaffController } from './staff.controller';
import { TouchWatch } from './touch-watch';

/** Settings of a host, its attributes, and parts that it replaces besides those that every stage does. */
export type StageOptions = RegStackOptions &
  Pick<RegStackGraphOptions, 'attributes' | 'leaveOut' | 'providers'>;

/** The database of a stage: by its URL, or the store itself. */
interface Ground {
  readonly settings: RegStackOptions;
  readonly store: MemoryStore | null;
  dispose(): Promise<void>;
}

/** What of a store goes on after an answer. */
interface Watched {
  readonly store: Store;
  readonly outbox: OutboxWatch;
  readonly touches: TouchWatch;
}

/** One store of the run, with a host that can be restarted on it under other settings. Clock, mails, text messages and events outlive the host. */
export class Stage {
  /** Far ahead: MongoDB removes, once a minute, what has ended by its own clock, which must not have come there yet. */
  readonly clock = new FakeClock(new Date('2100-01-01T00:00:00Z'));
  readonly mail = new CapturedMail();
  readonly sms = new CapturedSms();
  /** What the host heard since it was last emptied. */
  readonly events: AccountEvent[] = [];
  private running: Host | undefined;
  private hosts = 0;
  private watched: Watched | undefined;

  private constructor(private readonly ground: Ground) {}

  /** On a fresh database of this kind. */
  static async on(kind: ServerStore): Promise<Stage> {
    const databaseUrl = await DATABASES[kind].fresh();
    // The wait for a database that is slow on a busy machine is no difference.
    const settings = { databaseUrl, databaseTimeoutMs: 30_000 };
    return new Stage({ settings, store: null, dispose: () => DATABASES[kind].drop(databaseUrl) });
  }

  /** On a store in memory. */
  static onMemory(store = new MemoryStore()): Stage {
    return new Stage({ settings: {}, store, dispose: async () => {} });
  }

  /** The running host. */
  get host(): Host {
    if (!this.running) throw new Error('no host was started on this stage');
    return this.running;
  }

  /** Starts a host under these settings, in the place of the one that runs. */
  async enter({ providers: more = [], ...settings }: StageOptions): Promise<void> {
    await this.running?.stop();
    const { settings: place, store } = this.ground;
    const providers = [
      { provide: Clock, useValue: this.clock },
      { provide: Mailer, useValue: this.mail },
      { provide: SmsSender, useValue: this.sms },
      { provide: PasswordHasher, useValue: new LightHasher((this.hosts += 1)) },
      ...(store ? [{ provide: Store, useValue: store }] : []),
      ...more,
    ];
    const metadata = {
      imports: [
        EventEmitterModule.forRoot({ wildcard: true }),
        RegStackModule.forRoot({ ...SETTINGS, ...settings, ...place, providers }),
      ],
      controllers: [HostController, StaffController],
    };
    // Before it boots: what the first look at the outbox gets is watched, too.
    this.running = await Host.start(metadata, (app) => this.observe(app));
  }

  /** Waits until all that the last answer left to be done is done. */
  async quiet(): Promise<void> {
    await this.watched?.outbox.quiet();
    await this.watched?.touches.quiet();
  }

  /** All that the database holds, as text: see `TestDatabases.dump`. */
  dump(): Promise<string> {
    return dumpOf(this.ground.settings.databaseUrl!);
  }

  /** Removes what has ended, where the server does that by a clock of its own. */
  expire(): Promise<void> {
    return expireOn(this.ground.settings.databaseUrl!, this.clock.now());
  }

  /** All rows, as text: see `TestDatabases.rows`. */
  rows(): Promise<string> {
    return rowsOf(this.ground.settings.databaseUrl!);
  }

  /** Ends the host and removes the database. */
  async close(): Promise<void> {
    await this.running?.stop();
    await this.ground.dispose();
  }

  private observe(app: INestApplication): void {
    const store = app.get(Store, { strict: false });
    if (this.watched?.store !== store) {
      const [outbox, touches] = [new OutboxWatch(store.outbox), new TouchWatch(store.sessions)];
      this.watched = { store, outbox, touches };
    }
    app
      .get(EventEmitter2, { strict: false })
      .onAny((_name: unknown, event: AccountEvent) => void this.events.push(event));
  }
}
