import type { IncomingHttpHeaders } from 'node:http';
import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';
import { BudgetKeys } from '../services/budget-keys';
import { BudgetThrottlerStorage } from './budget.throttler.storage';
import { addressPrefix, clientAddress } from './client-address';

/** What a request of Express and one of Fastify have in common. The `ip` of either goes by what the host believes. */
interface Request {
  readonly socket: { readonly remoteAddress?: string };
  readonly headers: IncomingHttpHeaders;
}

/**
 * Limits logins per IP prefix (R18): each is counted before anything else of it is done, its success included (R21). First for the minute;
 * what is refused there is not counted for the hour. Refuses with `login.locked`, as the lockout does.
 *
 * Stands on the routes themselves. `ThrottlerModule` stays the host's: what would be injected from there is ours here, by tokens of our own.
 */
@Injectable()
export class LoginIpGuard extends ThrottlerGuard {
  constructor(
    // `@Inject` is needed: the tokens that the base class names for its parameters would go before their types.
    @Inject(RegStackConfig) config: RegStackConfig,
    @Inject(BudgetThrottlerStorage) storage: BudgetThrottlerStorage,
    reflector: Reflector,
    keys: BudgetKeys,
  ) {
    super(limitsOf(config, keys), storage, reflector);
  }

  protected override async throwThrottlingException(
    _context: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<never> {
    throw new AccountError('login.locked', { retryAfterSeconds: timeToBlockExpire });
  }
}

function limitsOf(config: RegStackConfig, keys: BudgetKeys): ThrottlerModuleOptions {
  const { loginMaxPerMinute, loginMaxPerHour, rateLimitDisabled, trustedProxies } = config;
  return {
    throttlers: [
      { name: 'regstack_minute', limit: loginMaxPerMinute, ttl: 60_000 },
      { name: 'regstack_hour', limit: loginMaxPerHour, ttl: 3_600_000 },
    ],
    skipIf: () => rateLimitDisabled,
    // The answer does not tell how many guesses are left.
    setHeaders: false,
    getTracker: (request) => prefixOf(request as Request, trustedProxies),
    generateKey: (_context, prefix, throttler) => keys.of(`login-ip:${throttler}`, prefix),
  };
}

function prefixOf({ socket, headers }: Request, trustedProxies: number): string {
  // Node joins what comes in several lines; the type does not say so.
  const forwarded = headers['x-forwarded-for'] as string | undefined;
  return addressPrefix(clientAddress(socket.remoteAddress, forwarded, trustedProxies));
}
