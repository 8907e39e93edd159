import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerLimitDetail, type ThrottlerModuleOptions } from '@nestjs/throttler';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';
import { BudgetKeys } from '../services/budget-keys';
import { SecurityLog } from '../services/security-log';
import { BudgetThrottlerStorage } from './budget.throttler.storage';
import { addressPrefix } from './client-address';
import { type HttpRequest, Origins } from './origins';

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
    private readonly origins: Origins,
    private readonly log: SecurityLog,
  ) {
    super(limitsOf(config, keys, origins), storage, reflector);
  }

  protected override async throwThrottlingException(
    context: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<never> {
    const origin = this.origins.of(context.switchToHttp().getRequest());
    this.log.note('login.limited', { actor: null, origin }, { result: 'refused', reason: 'client' });
    throw new AccountError('login.locked', { retryAfterSeconds: timeToBlockExpire });
  }
}

function limitsOf(config: RegStackConfig, keys: BudgetKeys, origins: Origins): ThrottlerModuleOptions {
  const { loginMaxPerMinute, loginMaxPerHour, rateLimitDisabled } = config;
  return {
    throttlers: [
      { name: 'regstack_minute', limit: loginMaxPerMinute, ttl: 60_000 },
      { name: 'regstack_hour', limit: loginMaxPerHour, ttl: 3_600_000 },
    ],
    skipIf: () => rateLimitDisabled,
    // The answer does not tell how many guesses are left.
    setHeaders: false,
    getTracker: (request) => addressPrefix(origins.addressOf(request as HttpRequest)),
    generateKey: (_context, prefix, throttler) => keys.of(`login-ip:${throttler}`, prefix),
  };
}
