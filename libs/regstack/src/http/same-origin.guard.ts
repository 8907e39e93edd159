import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';
import { comesFrom, mayChangeSomething, ownOrigin, type SentRequest } from './same-origin';

/** Refuses form posts from other sites (ASVS 3.5.1, R62): what changes something must come from a page of `base_url`. */
@Injectable()
export class SameOriginGuard implements CanActivate {
  private readonly origin: string;

  constructor(config: RegStackConfig) {
    this.origin = ownOrigin(config);
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SentRequest>();
    if (!mayChangeSomething(request) || comesFrom(this.origin, request)) return true;
    throw new AccountError('request.cross_site');
  }
}
