import { Get, Post } from '@nestjs/common';
import { OptionalAuth } from '../../http/access';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { PageSignIns } from '../../http/page-sign-ins';
import { Pages } from '../../http/pages';
import { proofIn } from '../../http/proof-in';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { StepCookies } from '../../http/step-cookies';
import { CodeForm, PhoneForm } from './mfa.dto';
import { PageEnrollers } from './page-enrollers';
import { PhoneEnrolmentService } from './phone-enrolment.service';

/**
 * Adding a number for codes by SMS, in two pages, for who is signed in and for whose sign-in waits for it. The second does not repeat the
 * number: no code may have gone there, which is nobody's business.
 */
@RegStackPages('phone', { switchedBy: 'smsEnrolment' })
@OptionalAuth()
export class PhonePages {
  constructor(
    private readonly phone: PhoneEnrolmentService,
    private readonly enrollers: PageEnrollers,
    private readonly steps: StepCookies,
    private readonly signIns: PageSignIns,
    private readonly pages: Pages,
    private readonly forms: FormPages,
  ) {}

  @Get('start')
  begin(@InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.startPage(exchange), exchange);
  }

  @Post('start')
  start(@Form(PhoneForm) form: SentForm<PhoneForm>, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.submit(this.startPage(exchange), form, exchange, async (fields) => {
      const enroller = this.enrollers.in(exchange);
      const setup = await this.phone.start(enroller, fields.phone_number, proofIn(fields));
      this.steps.keep(exchange, 'phone-setup', setup.pendingToken, setup.expiresIn);
      this.pages.redirect(exchange, `phone/confirm${this.pages.nextQuery(exchange)}`);
    });
  }

  @Get('confirm')
  open(@InExchange() exchange: Exchange): Promise<void> {
    this.enrollers.setupIn(exchange, 'phone-setup');
    return this.forms.show(this.confirmPage(exchange), exchange);
  }

  @Post('confirm')
  confirm(@Form(CodeForm) form: SentForm<CodeForm>, @InExchange() exchange: Exchange): Promise<void> {
    const enroller = this.enrollers.in(exchange);
    const pendingToken = this.enrollers.setupIn(exchange, 'phone-setup');
    return this.forms.submit(this.confirmPage(exchange), form, exchange, async ({ code }) => {
      const confirmation = { pendingToken, code, currentPassword: undefined };
      const { finished } = await this.phone.confirm(enroller, confirmation);
      this.steps.forget(exchange, 'phone-setup');
      if (!finished) return this.pages.redirect(exchange, 'factors?done=phone');
      await this.signIns.finish(finished, exchange);
      this.pages.leave(exchange);
    });
  }

  private startPage(exchange: Exchange): FormPage {
    return { view: 'mfa/phone-start', values: () => this.enrollers.values(exchange) };
  }

  private confirmPage(exchange: Exchange): FormPage {
    return { view: 'mfa/phone-confirm', values: () => this.enrollers.values(exchange) };
  }
}
