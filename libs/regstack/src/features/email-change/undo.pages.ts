import { Body, Get, Post } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { type Exchange, InExchange } from '../../http/exchange';
import { type Landing, LandingPages } from '../../http/landing-pages';
import { LandingPage } from '../../http/regstack-pages.decorator';
import { shape } from '../../http/shape.pipe';
import { EmailLinkForm } from './email-change.dto';
import { EmailUndoService } from './email-undo.service';

/** The landing page of the mail that takes a change of address back. */
@LandingPage('undo-email-change')
export class UndoEmailChangePages {
  private readonly landing: Landing;

  constructor(
    config: RegStackConfig,
    private readonly service: EmailUndoService,
    private readonly pages: LandingPages,
  ) {
    this.landing = {
      path: 'undo-email-change',
      view: 'email-change/undo',
      done: 'email-change/undone',
      doneValues: { can_reset: service.mailsResetLink },
      isServed: config.emailChangeUndoUrlTemplate === null,
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
      this.service.undo(token, exchange.origin),
    );
  }
}
