import { setImmediate as turn } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { addSeconds, Clock } from '../kernel/clock';
import { Sweeper } from '../ports/sweeper';
import { CommandMode } from './command-mode';

/** How often dead rows are looked for; processes that were started together drift apart. */
const SWEEP_MS = 60_000;
/** Rows per step: a step is one short write, between two of them everybody else gets a turn. */
const STEP = 200;
/** Steps per sweep: what is left waits for the next one. */
const STEPS = 50;
const DAY_SECONDS = 86_400;

/** Removes what has expired, a little at a time. One per process, and none in a command; several processes share the work. */
@Injectable()
export class SweepWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('RegStack');
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly sweeper: Sweeper,
    private readonly clock: Clock,
    private readonly config: RegStackConfig,
    @Optional() private readonly command?: CommandMode,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.command) this.wait();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  /** One sweep, in bounded steps; what cannot be done now is done by a later one. */
  async sweep(): Promise<void> {
    try {
      for (let step = 0; step < STEPS && !this.stopped; step++) {
        if ((await this.purge()) < STEP) return;
        await turn();
      }
    } catch (error) {
      this.logger.warn(
        `dead rows cannot be removed now (${error instanceof Error ? error.name : 'unknown'})`,
      );
    }
  }

  private purge(): Promise<number> {
    const now = this.clock.now();
    return this.sweeper.purgeExpired(
      STEP,
      now,
      addSeconds(now, -this.config.auditRetentionDays * DAY_SECONDS),
    );
  }

  private wait(): void {
    if (this.stopped) return;
    const ms = SWEEP_MS * (0.5 + Math.random());
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep().finally(() => this.wait());
    }, ms).unref();
  }
}
