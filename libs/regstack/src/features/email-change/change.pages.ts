import { Get, Post } from '@nestjs/common';
import { AccountPage } from '../../http/account-page';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { FormPages } from '../../http/form-pages';
import { Pages } from '../../http/pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { ChangeEmailRequest } from './email-change.dto';
import { EmailChangeService } from './email-change.service';

/** The address on the page of who is signed in. It stays until the link that goes to the new one is used. */
@RegStackPages('change-email')
export class ChangeEmailPages {
  constructor(
    private readonly changes: EmailChangeService,
    private readonly account: AccountPage,
    private readonly forms: FormPages,
    private readonly pages: Pages,
  ) {}

  @Get()
  open(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.account.at('change-email', caller), exchange);
  }

  @Post()
  change(
    @CurrentSession() caller: Authentication,
    @Form(ChangeEmailRequest) form: SentForm<ChangeEmailRequest>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    const page = this.account.at('change-email', caller);
    return this.forms.submit(page, form, exchange, async ({ new_email, current_password }) => {
      await this.changes.request(caller, new_email, current_password, exchange.origin);
      this.pages.redirect(exchange, 'me?done=email_requested');
    });
  }
}
