import { Get } from '@nestjs/common';
import { OptionalAuth } from '../../http/access';
import { callerOf, type Exchange, InExchange } from '../../http/exchange';
import { Pages } from '../../http/pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { PageEnrollers } from './page-enrollers';

/** Where a sign-in goes on that must have a second factor first: which one is it to be? */
@RegStackPages('mfa-enrol')
@OptionalAuth()
export class EnrolPages {
  constructor(
    private readonly enrollers: PageEnrollers,
    private readonly pages: Pages,
  ) {}

  @Get()
  async open(@InExchange() exchange: Exchange): Promise<void> {
    if (callerOf(exchange)) return this.pages.leave(exchange);
    await this.pages.show(exchange, 'mfa/enrol', await this.enrollers.values(exchange));
  }
}
