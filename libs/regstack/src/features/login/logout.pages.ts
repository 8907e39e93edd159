import { Post } from '@nestjs/common';
import { type Exchange, InExchange } from '../../http/exchange';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { PageSignIns } from '../../http/page-sign-ins';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { LogoutService } from './logout.service';

/** Signing out, by the button that is on every page. */
@RegStackPages('logout')
export class LogoutPages {
  constructor(
    private readonly logouts: LogoutService,
    private readonly signIns: PageSignIns,
  ) {}

  @Post()
  async logout(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    await this.logouts.logout(caller, exchange.origin);
    this.signIns.end(exchange, 'signed_out');
  }
}
