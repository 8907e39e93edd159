import type { IncomingMessage } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';
import { MountPaths } from '../services/mount-paths';
import { type BodyRule, FORM_BODY, JSON_BODY, readBody } from './body.reader';
import { installOnExpress } from './express.gate';
import { installOnFastify } from './fastify.gate';
import { type ProblemAnswer, problemOf } from './problem';
import { requestIdOf } from './request-id';
import { normalisedPath } from './request-path';

/** Marks a request whose body a gate has read: two instances may share a prefix. */
const READ = Symbol('regstack.body-read');

type Request = IncomingMessage & { [READ]?: boolean };

/** What the gate says of a request to a route of ours. */
export type Admission =
  | { readonly kind: 'read'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly answer: ProblemAnswer }
  /** Somebody has read the body already. */
  | { readonly kind: 'late' };

/**
 * Reads the bodies of our own routes, before any parser of the host does: so they are bounded, strict and answered by us, and the
 * host's routes and parser stay as they are. Also marks every answer under our prefixes `no-store`.
 */
@Injectable()
export class BodyGate {
  private readonly logger = new Logger('RegStack');
  private warned = false;
  /** Made at the first request: the host sets its prefix after we are made, and requests come after that. */
  private rules: readonly (readonly [RegExp, BodyRule])[] | undefined;

  constructor(
    adapterHost: HttpAdapterHost,
    private readonly config: RegStackConfig,
    private readonly paths: MountPaths,
  ) {
    // Nest adds its parsers at `app.init()`, after this constructor; a testing module gets its adapter only later.
    const install = (): void => {
      const httpAdapter = adapterHost.httpAdapter as HttpAdapterHost['httpAdapter'] | null;
      // An application context has no server: a job, a worker, a command.
      if (!httpAdapter) return;
      if (httpAdapter.getType() === 'fastify') installOnFastify(httpAdapter.getInstance(), this);
      else installOnExpress(httpAdapter, this);
    };
    if (adapterHost.httpAdapter) install();
    else adapterHost.init$.subscribe(install);
  }

  /** How bodies to this target are read; null where it is none of ours. */
  ruleFor(target = ''): BodyRule | null {
    this.rules ??= [
      [this.paths.pattern(this.config.apiPrefix), JSON_BODY],
      [this.paths.pattern(this.config.uiPrefix), FORM_BODY],
    ];
    const path = normalisedPath(target);
    return this.rules.find(([pattern]) => pattern.test(path))?.[1] ?? null;
  }

  /** Reads the body by the rule. Never rejects. */
  async admit(request: Request, rule: BodyRule): Promise<Admission> {
    if (request[READ] || this.wasReadByHost(request)) return { kind: 'late' };
    request[READ] = true;
    try {
      return { kind: 'read', body: await readBody(request, rule) };
    } catch (error) {
      const refusal = error instanceof AccountError ? error : new AccountError('request.malformed');
      const answer = problemOf(refusal, requestIdOf(request));
      // The rest of a body that is too large, or of another kind, is still read; one that is broken may have no end.
      if (answer.problem.status !== 400) return { kind: 'refused', answer };
      return { kind: 'refused', answer: { ...answer, headers: { ...answer.headers, connection: 'close' } } };
    }
  }

  /** What the host put on its own Express or Fastify instance before Nest cannot be preceded; shapes are still checked. */
  private wasReadByHost(request: Request): boolean {
    if (!request.readableEnded) return false;
    if (!this.warned) {
      this.logger.warn(
        'A body parser of the app runs before RegStack on its routes: bodies are as large and as lax as it allows',
      );
    }
    this.warned = true;
    return true;
  }
}
