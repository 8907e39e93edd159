import { Get, Post } from '@nestjs/common';
import { OptionalAuth } from '../../http/access';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { Pages } from '../../http/pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { ResendRequest } from './registration.dto';
import { ResendService } from './resend.service';

const CHECK_MAIL: FormPage = { view: 'registration/check-mail' };

/** Where a registration leads: the mailbox has the link, or another one is asked for here. */
@RegStackPages('check-mail')
@OptionalAuth()
export class CheckMailPages {
  constructor(
    private readonly resender: ResendService,
    private readonly pages: Pages,
    private readonly forms: FormPages,
  ) {}

  @Get()
  open(@InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(CHECK_MAIL, exchange);
  }

  @Post()
  resend(
    @Form(ResendRequest) form: SentForm<ResendRequest>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.forms.submit(CHECK_MAIL, form, exchange, async ({ email }) => {
      await this.resender.resend(email, exchange.origin);
      this.pages.redirect(exchange, 'check-mail?done=resent');
    });
  }
}
