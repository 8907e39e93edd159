import { Body, Get, Post } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { type Exchange, InExchange } from '../../http/exchange';
import { type Landing, LandingPages } from '../../http/landing-pages';
import { LandingPage } from '../../http/regstack-pages.decorator';
import { shape } from '../../http/shape.pipe';
import { EmailLinkForm } from './email-change.dto';
import { EmailConfirmationService } from './email-confirmation.service';

/** The landing page of the mail that proves a new address. */
@LandingPage('confirm-email-change')
export class ConfirmEmailChangePages {
  private readonly landing: Landing;

  constructor(
    config: RegStackConfig,
    private readonly service: EmailConfirmationService,
    private readonly pages: LandingPages,
  ) {
    this.landing = {
      path: 'confirm-email-change',
      view: 'email-change/confirm',
      done: 'email-change/confirmed',
      isServed: config.emailChangeUrlTemplate === null,
      look: async (token) => ((await service.isLive(token)) ? {} : null),
    };
  }

  @Get()
  open(@InExchange() exchange: Exchange): Promise<void> {
    return this.pages.open(this.landing, exchange);
  }

  @Post()
  press(
    @Body(shape(EmailLinkForm)) { token_hash }: Readonly<EmailLinkForm>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.pages.press(this.landing, token_hash, exchange, (token) =>
      this.service.confirm(token, exchange.origin),
    );
  }
}
