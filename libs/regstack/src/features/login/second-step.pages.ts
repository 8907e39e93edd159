import { Get, Post } from '@nestjs/common';
import { OptionalAuth } from '../../http/access';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { PageSignIns } from '../../http/page-sign-ins';
import { Pages } from '../../http/pages';
import { queryOf } from '../../http/query';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { SignInCookies } from '../../http/sign-in-cookies';
import { AccountError } from '../../kernel/errors';
import type { PageValues } from '../../ui/page.renderer';
import { AskedStepService } from './asked-step.service';
import { CodeResendService } from './code-resend.service';
import { SecondStepForm } from './login.dto';
import { SecondStepService } from './second-step.service';

/** The second step of a sign-in with a browser; `?method=recovery_code` asks for one of those. */
@RegStackPages()
@OptionalAuth()
export class SecondStepPages {
  constructor(
    private readonly asked: AskedStepService,
    private readonly steps: SecondStepService,
    private readonly resends: CodeResendService,
    private readonly cookies: SignInCookies,
    private readonly signIns: PageSignIns,
    private readonly pages: Pages,
    private readonly forms: FormPages,
  ) {}

  @Get('mfa-confirm')
  open(@InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.pageFor(exchange), exchange);
  }

  @Post('mfa-confirm')
  confirm(@Form(SecondStepForm) form: SentForm<SecondStepForm>, @InExchange() exchange: Exchange) {
    const pendingToken = this.pendingIn(exchange);
    return this.forms.submit(
      this.pageFor(exchange),
      form,
      exchange,
      async ({ code, method, trust_device }) => {
        const step = { pendingToken, code, method, trustsDevice: trust_device !== undefined };
        const finished = await this.steps.confirm(step, this.cookies.clientOf(exchange));
        await this.signIns.finish(finished, exchange);
        this.pages.leave(exchange);
      },
    );
  }

  @Get('mfa-resend')
  goBack(@InExchange() exchange: Exchange): void {
    this.pages.redirect(exchange, `mfa-confirm${this.pages.nextQuery(exchange)}`);
  }

  @Post('mfa-resend')
  resend(@InExchange() exchange: Exchange): Promise<void> {
    const pendingToken = this.pendingIn(exchange);
    return this.forms.press(this.pageFor(exchange), exchange, async () => {
      await this.resends.resend(pendingToken, exchange.origin);
      this.pages.redirect(exchange, `mfa-confirm${this.pages.nextQuery(exchange, 'code_sent')}`);
    });
  }

  private pageFor(exchange: Exchange): FormPage {
    return { view: 'login/second-step', values: () => this.valuesFor(exchange) };
  }

  private async valuesFor(exchange: Exchange): Promise<PageValues> {
    const { methods, delivery, numberEnding, trustDays } = await this.asked.look(this.pendingIn(exchange));
    const hasCodes = methods.includes('recovery_code');
    return {
      delivery,
      number_ending: numberEnding,
      has_sms: methods.includes('sms'),
      has_recovery_codes: hasCodes,
      by_recovery_code: hasCodes && queryOf(exchange.request).get('method') === 'recovery_code',
      trust_days: trustDays,
    };
  }

  private pendingIn(exchange: Exchange): string {
    const token = this.signIns.pendingIn(exchange);
    if (token === null) throw new AccountError('mfa.challenge_expired');
    return token;
  }
}
