import { Get, Post } from '@nestjs/common';
import { AccountPage } from '../../http/account-page';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { Pages } from '../../http/pages';
import { proofIn } from '../../http/proof-in';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import type { MfaFactor } from '../../kernel/sign-in-proof';
import { FactorsService } from './factors.service';
import { FactorRequest } from './mfa.dto';
import { ProofCodeService } from './proof-code.service';

/** The second factors of who is signed in: what there is, and a small page for each thing to do about it, under the path of its JSON route. */
@RegStackPages()
export class FactorsPages {
  constructor(
    private readonly factors: FactorsService,
    private readonly codes: ProofCodeService,
    private readonly account: AccountPage,
    private readonly pages: Pages,
    private readonly forms: FormPages,
  ) {}

  @Get('factors')
  open(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.account.at('factors', caller), exchange);
  }

  @Get('mfa/totp/delete')
  askTotp(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.removalOf('totp', caller), exchange);
  }

  @Post('mfa/totp/delete')
  removeTotp(
    @CurrentSession() caller: Authentication,
    @Form(FactorRequest) form: SentForm<FactorRequest>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.remove('totp', caller, form, exchange);
  }

  @Get('phone/delete')
  askPhone(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.removalOf('sms', caller), exchange);
  }

  @Post('phone/delete')
  removePhone(
    @CurrentSession() caller: Authentication,
    @Form(FactorRequest) form: SentForm<FactorRequest>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.remove('sms', caller, form, exchange);
  }

  @Get('mfa/recovery-codes')
  askCodes(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.newCodesOf(caller), exchange);
  }

  /** The codes are shown in the answer itself: there is no page that could be asked for them again. */
  @Post('mfa/recovery-codes')
  renewCodes(
    @CurrentSession() caller: Authentication,
    @Form(FactorRequest) form: SentForm<FactorRequest>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.forms.submit(this.newCodesOf(caller), form, exchange, async (fields) => {
      const codes = await this.factors.newRecoveryCodes(caller, proofIn(fields), exchange.origin);
      await this.pages.show(exchange, 'mfa/recovery-codes', { codes, onward: this.pages.onward(exchange) });
    });
  }

  @Get('mfa/challenge')
  goBack(@InExchange() exchange: Exchange): void {
    this.pages.redirect(exchange, 'factors');
  }

  /** Sends a code by SMS, as a proof on the page that asks for one: `?next=` says which. */
  @Post('mfa/challenge')
  async sendCode(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    await this.codes.send(caller, exchange.origin);
    this.pages.leave(exchange);
  }

  private remove(
    factor: MfaFactor,
    caller: Authentication,
    form: SentForm<FactorRequest>,
    exchange: Exchange,
  ): Promise<void> {
    return this.forms.submit(this.removalOf(factor, caller), form, exchange, async (fields) => {
      await this.factors.remove(caller, factor, proofIn(fields), exchange.origin);
      this.pages.redirect(exchange, `factors?done=${factor}_removed`);
    });
  }

  private removalOf(factor: MfaFactor, caller: Authentication): FormPage {
    const path = factor === 'totp' ? 'mfa/totp/delete' : 'phone/delete';
    const values = async () => ({ factor, path, ...(await this.account.about(caller)) });
    return { view: 'mfa/remove', values };
  }

  private newCodesOf(caller: Authentication): FormPage {
    return { view: 'mfa/new-codes', values: () => this.account.about(caller) };
  }
}
