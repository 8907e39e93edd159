import { Get } from '@nestjs/common';
import { AccountPage } from './account-page';
import { type Authentication, CurrentSession } from './current-user.decorator';
import { type Exchange, InExchange } from './exchange';
import { FormPages } from './form-pages';
import { Pages } from './pages';
import { RegStackPages } from './regstack-pages.decorator';

/** The page of who is signed in, which all others lead to: it is there whichever features are. */
@RegStackPages()
export class AccountHomePages {
  constructor(
    private readonly account: AccountPage,
    private readonly forms: FormPages,
    private readonly pages: Pages,
  ) {}

  /** The prefix of all pages, as somebody may type it. */
  @Get()
  goOn(@InExchange() exchange: Exchange): void {
    this.pages.redirect(exchange, 'me');
  }

  @Get('me')
  open(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.account.at(null, caller), exchange);
  }
}
