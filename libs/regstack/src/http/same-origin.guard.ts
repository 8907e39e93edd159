import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';

interface Headers {
  readonly 'sec-fetch-site'?: string;
  readonly origin?: string;
}

/**
 * Refuses form posts from other sites (ASVS 3.5.1, R62): what changes something must come from a page of `base_url`. Browsers say
 * so in `Sec-Fetch-Site`, older ones in `Origin`; a request with neither is not from a page.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  private readonly origin: string;

  constructor(config: RegStackConfig) {
    this.origin = new URL(config.baseUrl).origin;
  }

  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<{ method: string; headers: Headers }>();
    if (['GET', 'HEAD', 'OPTIONS'].includes(method) || this.isOurs(headers)) return true;
    throw new AccountError('request.cross_site');
  }

  private isOurs({ 'sec-fetch-site': site, origin }: Headers): boolean {
    return site === undefined ? origin === this.origin : site === 'same-origin';
  }
}
