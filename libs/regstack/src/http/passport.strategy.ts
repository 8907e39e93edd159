import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import passport, { Strategy } from 'passport';
import { InstanceName } from '../services/instance-name';
import type { AuthenticatedRequest } from './authenticated-request';
import { CallerFinder } from './caller.finder';
import { answerTo, ProblemException } from './problem.exception';

/** What passport adds to a strategy for each request. */
interface Outcome {
  success(user: object): void;
  fail(challenge: string, status: number): void;
  error(error: Error): void;
}

/**
 * The guard's question as a passport strategy, for hosts that compose several: `AuthGuard(['regstack', 'api-key'])`. Loaded for the
 * graph option `passport` only. It bears the name of the instance, because passport's registry is one for the whole process, and
 * leaves the registry with its app.
 */
@Injectable()
export class RegStackStrategy extends Strategy implements OnModuleInit, OnModuleDestroy {
  override readonly name: string;

  constructor(
    private readonly callers: CallerFinder,
    instance: InstanceName,
  ) {
    super();
    this.name = instance.slug;
  }

  onModuleInit(): void {
    passport.use(this);
  }

  /** Unless another app of this process has taken the name since. */
  onModuleDestroy(): void {
    const registered = Reflect.get(passport, '_strategies') as Readonly<Record<string, unknown>>;
    if (registered[this.name] === this) passport.unuse(this.name);
  }

  /** Called by passport on a copy of the strategy that has the {@link Outcome}. */
  override authenticate(request: unknown): void {
    void this.decide(request as AuthenticatedRequest, this);
  }

  private async decide(request: AuthenticatedRequest, outcome: Outcome): Promise<void> {
    const found = await this.callers.find(request).catch(
      // The route is the host's, where a plain error would be a 500.
      (error: unknown) => new ProblemException(answerTo(error, request)),
    );
    if (found instanceof ProblemException) return outcome.error(found);
    if (!found) return outcome.fail('Bearer', 401);
    outcome.success(found.user);
  }
}
