import { Get, Post } from '@nestjs/common';
import { OptionalAuth } from '../../http/access';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { Pages } from '../../http/pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { ForgottenPasswordService } from './forgotten-password.service';
import { ForgotPasswordRequest } from './password.dto';

const FORGOT: FormPage = { view: 'password/forgot' };

/** Asking for a link by which a new password is chosen. */
@RegStackPages('forgot', { switchedBy: 'passwordReset' })
@OptionalAuth()
export class ForgotPages {
  constructor(
    private readonly forgotten: ForgottenPasswordService,
    private readonly pages: Pages,
    private readonly forms: FormPages,
  ) {}

  @Get()
  open(@InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(FORGOT, exchange);
  }

  @Post()
  request(
    @Form(ForgotPasswordRequest) form: SentForm<ForgotPasswordRequest>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.forms.submit(FORGOT, form, exchange, async ({ email }) => {
      await this.forgotten.request(email, exchange.origin);
      this.pages.redirect(exchange, 'forgot?done=forgot');
    });
  }
}
