import { Body, Get, Post } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { type Exchange, InExchange } from '../../http/exchange';
import { type Landing, LandingPages } from '../../http/landing-pages';
import { LandingPage } from '../../http/regstack-pages.decorator';
import { shape } from '../../http/shape.pipe';
import { VerifyForm } from './registration.dto';
import { VerificationService } from './verification.service';

/** The landing page of verification mails. */
@LandingPage('verify')
export class VerifyPages {
  private readonly landing: Landing;

  constructor(
    config: RegStackConfig,
    private readonly verification: VerificationService,
    private readonly pages: LandingPages,
  ) {
    this.landing = {
      path: 'verify',
      view: 'registration/verify',
      done: 'registration/verified',
      isServed: config.verifyUrlTemplate === null,
      look: async (token) => {
        const found = await verification.look(token);
        return found && { needs_password: found.needsPassword };
      },
    };
  }

  @Get()
  open(@InExchange() exchange: Exchange): Promise<void> {
    return this.pages.open(this.landing, exchange);
  }

  @Post()
  press(
    @Body(shape(VerifyForm)) { token_hash, new_password }: Readonly<VerifyForm>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.pages.press(this.landing, token_hash, exchange, (token) =>
      this.verification.verify(token, { password: new_password }, exchange.origin),
    );
  }
}
