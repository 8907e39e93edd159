import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { parseOptions } from '@node-rs/argon2';
import { Piscina } from 'piscina';
import type { Argon2Config } from '../config/argon2.config';
import { unavailable } from '../kernel/errors';
import { PasswordHasher } from '../ports/password.hasher';

/** Jobs that may wait for each thread: about a second of work at the default cost. */
const QUEUE_PER_THREAD = 64;

/** Lowest priority: a storm of logins slows logins, not the rest of the app. */
const NICE = 19;

/** Parameters as Argon2 names them. */
interface Cost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

/** Argon2id in worker threads behind a bounded queue: the event loop never hashes (R10, W34). */
export class Argon2Hasher extends PasswordHasher {
  private readonly cost: Cost;
  private readonly pool: Piscina;
  private dummy: Promise<string> | undefined;

  constructor({ memoryKib, timeCost, parallelism }: Argon2Config) {
    super();
    this.cost = { memoryCost: memoryKib, timeCost, parallelism };
    const threads = availableParallelism();
    this.pool = new Piscina({
      filename: join(__dirname, 'argon2.worker.js'),
      // All from the start: a thread that is made under pressure may fail for want of a file descriptor.
      minThreads: threads,
      maxThreads: threads,
      maxQueue: threads * QUEUE_PER_THREAD,
      niceIncrement: NICE,
      recordTiming: false,
    });
    this.pool.on('error', (error: Error) =>
      new Logger('RegStack').error('a hash thread failed', error.stack),
    );
  }

  /** Makes the dummy, and so the first thread, before the first login asks for it. */
  async onModuleInit(): Promise<void> {
    await this.dummyHash();
  }

  override hash(password: string): Promise<string> {
    return this.run<string>('hash', { password, cost: this.cost });
  }

  override async verify(password: string, hash: string | null): Promise<boolean> {
    const made = hash === null ? null : costOf(hash);
    if (hash === null || made === null) {
      await this.run<boolean>('verify', { password, hash: await this.dummyHash(), padding: null });
      return false;
    }
    return this.run<boolean>('verify', { password, hash, padding: paddingFor(made, this.cost) });
  }

  override needsRehash(hash: string): boolean {
    const made = costOf(hash);
    const { memoryCost, timeCost, parallelism } = this.cost;
    return made?.memoryCost !== memoryCost || made.timeCost !== timeCost || made.parallelism !== parallelism;
  }

  /** Ends the threads. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  /** Hash of a password that nobody has: what is verified where there is no hash. */
  private dummyHash(): Promise<string> {
    this.dummy ??= this.hash(randomBytes(32).toString('base64url'));
    return this.dummy;
  }

  private async run<T>(name: 'hash' | 'verify', job: object): Promise<T> {
    try {
      return (await this.pool.run(job, { name })) as T;
    } catch (error) {
      // The queue is full, or a thread died: neither says anything about the password.
      throw unavailable(error);
    }
  }
}

/** Parameters of a PHC string; null for text that is none of Argon2 (imported damage): such a user has no password. */
function costOf(hash: string): Cost | null {
  try {
    return parseOptions(hash);
  } catch {
    return null;
  }
}

/** Argon2's work is memory × passes: what an old hash lacks of today's, as parameters of an extra pass; null when nothing worth it. */
function paddingFor(made: Cost, wanted: Cost): Cost | null {
  const missing = wanted.memoryCost * wanted.timeCost - made.memoryCost * made.timeCost;
  if (missing < 8 * wanted.parallelism) return null;
  const timeCost = Math.ceil(missing / wanted.memoryCost);
  return { memoryCost: Math.ceil(missing / timeCost), timeCost, parallelism: wanted.parallelism };
}
