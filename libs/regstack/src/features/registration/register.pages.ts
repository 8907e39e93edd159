import { Get, Post } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { OptionalAuth } from '../../http/access';
import { callerOf, type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { Pages } from '../../http/pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { AccountError } from '../../kernel/errors';
import { RegisterRequest } from './registration.dto';
import { RegistrationService } from './registration.service';

const REGISTER: FormPage = { view: 'registration/register' };

/** Registering with a browser. A view of the host asks for its attributes by fields that are named `attributes.language`. */
@RegStackPages('register')
@OptionalAuth()
export class RegisterPages {
  constructor(
    private readonly config: RegStackConfig,
    private readonly registration: RegistrationService,
    private readonly pages: Pages,
    private readonly forms: FormPages,
  ) {}

  @Get()
  open(@InExchange() exchange: Exchange): Promise<void> | void {
    if (callerOf(exchange)) return this.pages.leave(exchange);
    if (!this.config.allowRegistration) throw new AccountError('registration.closed');
    return this.forms.show(REGISTER, exchange);
  }

  @Post()
  register(
    @Form(RegisterRequest) form: SentForm<RegisterRequest>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.forms.submit(REGISTER, form, exchange, async (fields) => {
      const { email, password, full_name: fullName = null } = fields;
      const typed = { email, password, fullName, attributes: fields.attributes ?? {} };
      const outcome = await this.registration.register(typed, exchange.origin);
      // Whoever has to prove the address first comes back by a link, perhaps in another browser.
      const isReady = 'id' in outcome;
      const page = isReady ? `login${this.pages.nextQuery(exchange, 'registered')}` : 'check-mail';
      this.pages.redirect(exchange, page);
    });
  }
}
