import { Get, Post } from '@nestjs/common';
import { AccountPage } from '../../http/account-page';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { FormPages } from '../../http/form-pages';
import { PageSignIns } from '../../http/page-sign-ins';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { ChangePasswordRequest } from './password.dto';
import { PasswordChangeService } from './password-change.service';

/** The password on the page of who is signed in. */
@RegStackPages('change-password')
export class ChangePasswordPages {
  constructor(
    private readonly changes: PasswordChangeService,
    private readonly signIns: PageSignIns,
    private readonly account: AccountPage,
    private readonly forms: FormPages,
  ) {}

  @Get()
  open(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.account.at('change-password', caller), exchange);
  }

  @Post()
  change(
    @CurrentSession() caller: Authentication,
    @Form(ChangePasswordRequest) form: SentForm<ChangePasswordRequest>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    const page = this.account.at('change-password', caller);
    return this.forms.submit(page, form, exchange, async ({ current_password, new_password }) => {
      await this.changes.change(caller, current_password, new_password, exchange.origin);
      this.signIns.end(exchange, 'password_changed');
    });
  }
}
