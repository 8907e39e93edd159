import { Body, Get, Post } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { type Exchange, InExchange } from '../../http/exchange';
import { type Landing, LandingPages } from '../../http/landing-pages';
import { LandingPage } from '../../http/regstack-pages.decorator';
import { shape } from '../../http/shape.pipe';
import { ResetForm } from './password.dto';
import { PasswordResetService } from './password-reset.service';

/** The landing page of reset mails. */
@LandingPage('reset')
export class ResetPages {
  private readonly landing: Landing;

  constructor(
    config: RegStackConfig,
    private readonly resets: PasswordResetService,
    private readonly pages: LandingPages,
  ) {
    this.landing = {
      path: 'reset',
      view: 'password/reset',
      done: 'password/reset-done',
      isServed: config.passwordResetUrlTemplate === null,
      isEnabled: config.enablePasswordReset,
      look: async (token) => ((await resets.isLive(token)) ? {} : null),
    };
  }

  @Get()
  open(@InExchange() exchange: Exchange): Promise<void> {
    return this.pages.open(this.landing, exchange);
  }

  @Post()
  press(
    @Body(shape(ResetForm)) { token_hash, new_password }: Readonly<ResetForm>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.pages.press(this.landing, token_hash, exchange, (token) =>
      this.resets.reset(token, new_password, exchange.origin),
    );
  }
}
