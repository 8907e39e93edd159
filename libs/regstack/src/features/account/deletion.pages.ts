import { Get, Post } from '@nestjs/common';
import { AccountPage } from '../../http/account-page';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { FormPages } from '../../http/form-pages';
import { PageSignIns } from '../../http/page-sign-ins';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { DeletionForm } from './account.dto';
import { DeletionService } from './deletion.service';

/** The end of the account, on the page of who is signed in. */
@RegStackPages('delete-account', { switchedBy: 'deletion' })
export class DeletionPages {
  constructor(
    private readonly deletion: DeletionService,
    private readonly signIns: PageSignIns,
    private readonly account: AccountPage,
    private readonly forms: FormPages,
  ) {}

  @Get()
  open(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.account.at('delete', caller), exchange);
  }

  @Post()
  delete(
    @CurrentSession() caller: Authentication,
    @Form(DeletionForm) form: SentForm<DeletionForm>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    const page = this.account.at('delete', caller);
    return this.forms.submit(page, form, exchange, async ({ current_password }) => {
      await this.deletion.delete(caller, current_password, exchange.origin);
      this.signIns.end(exchange, 'deleted');
    });
  }
}
