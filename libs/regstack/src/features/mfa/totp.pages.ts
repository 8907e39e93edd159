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
import type { PageValues } from '../../ui/page.renderer';
import { CodeForm, EnrolmentForm } from './mfa.dto';
import { PageEnrollers } from './page-enrollers';
import { TotpEnrolmentService } from './totp-enrolment.service';

/** Setting up an authenticator app, in two pages, for who is signed in and for whose sign-in waits for it. */
@RegStackPages('mfa/totp', { switchedBy: 'totpEnrolment' })
@OptionalAuth()
export class TotpPages {
  constructor(
    private readonly totp: TotpEnrolmentService,
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
  start(@Form(EnrolmentForm) form: SentForm<EnrolmentForm>, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.submit(this.startPage(exchange), form, exchange, async (fields) => {
      const { pendingToken, expiresIn } = await this.totp.start(this.enrollers.in(exchange), proofIn(fields));
      this.steps.keep(exchange, 'totp-setup', pendingToken, expiresIn);
      this.pages.redirect(exchange, `mfa/totp/confirm${this.pages.nextQuery(exchange)}`);
    });
  }

  @Get('confirm')
  open(@InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.confirmPage(exchange), exchange);
  }

  /** The codes are shown in the answer itself: there is no page that could be asked for them again. */
  @Post('confirm')
  confirm(@Form(CodeForm) form: SentForm<CodeForm>, @InExchange() exchange: Exchange): Promise<void> {
    const enroller = this.enrollers.in(exchange);
    const pendingToken = this.enrollers.setupIn(exchange, 'totp-setup');
    return this.forms.submit(this.confirmPage(exchange), form, exchange, async ({ code }) => {
      const confirmation = { pendingToken, code, currentPassword: undefined };
      const { recoveryCodes, finished } = await this.totp.confirm(enroller, confirmation);
      this.steps.forget(exchange, 'totp-setup');
      if (finished) await this.signIns.finish(finished, exchange);
      const values = { codes: recoveryCodes, onward: this.pages.onward(exchange) };
      await this.pages.show(exchange, 'mfa/recovery-codes', values);
    });
  }

  private startPage(exchange: Exchange): FormPage {
    return { view: 'mfa/totp-start', values: () => this.enrollers.values(exchange) };
  }

  private confirmPage(exchange: Exchange): FormPage {
    return { view: 'mfa/totp-confirm', values: () => this.setupOf(exchange) };
  }

  /** What the app has to know, the secret in groups for whoever types it. */
  private async setupOf(exchange: Exchange): Promise<PageValues> {
    const enroller = this.enrollers.in(exchange);
    const { secret, uri, qrSvg } = await this.totp.look(
      enroller,
      this.enrollers.setupIn(exchange, 'totp-setup'),
    );
    return { secret: secret.match(/.{1,4}/g)!.join(' '), otpauth_uri: uri, qr_svg: qrSvg };
  }
}
