import { Get, Post } from '@nestjs/common';
import { AccountPage } from '../../http/account-page';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { Pages } from '../../http/pages';
import { proofIn } from '../../http/proof-in';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { ReauthenticateForm } from './password.dto';
import { ReauthenticationService } from './reauthentication.service';

/** Where somebody proves again who they are, on the way to what asks for that; `?next=` is where it is. */
@RegStackPages('reauthenticate')
export class ReauthenticationPages {
  constructor(
    private readonly reauthentication: ReauthenticationService,
    private readonly account: AccountPage,
    private readonly forms: FormPages,
    private readonly pages: Pages,
  ) {}

  @Get()
  open(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.pageOf(caller), exchange);
  }

  @Post()
  prove(
    @CurrentSession() caller: Authentication,
    @Form(ReauthenticateForm) form: SentForm<ReauthenticateForm>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.forms.submit(this.pageOf(caller), form, exchange, async (fields) => {
      await this.reauthentication.reauthenticate(caller, proofIn(fields), exchange.origin);
      this.pages.leave(exchange);
    });
  }

  private pageOf(caller: Authentication): FormPage {
    return { view: 'password/reauthenticate', values: () => this.account.about(caller) };
  }
}
