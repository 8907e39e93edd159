import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';
import { SecurityLog } from '../services/security-log';
import { type HttpRequest, Origins } from './origins';
import { comesFrom, mayChangeSomething, ownOrigin, type SentRequest } from './same-origin';

/** Refuses form posts from other sites (ASVS 3.5.1, R62), and tells the security log: what changes something must come from a page of `base_url`. */
@Injectable()
export class SameOriginGuard implements CanActivate {
  private readonly origin: string;

  constructor(
    config: RegStackConfig,
    private readonly origins: Origins,
    private readonly log: SecurityLog,
  ) {
    this.origin = ownOrigin(config);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SentRequest & HttpRequest>();
    if (!mayChangeSomething(request) || comesFrom(this.origin, request)) return true;
    const refusal = new AccountError('request.cross_site');
    const by = { actor: null, origin: this.origins.of(request) };
    this.log.note('access.cross_site', by, { result: 'refused', reason: refusal.code });
    throw refusal;
  }
}
