import { Body, Get, Headers, Post, Query, Res } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { From } from '../../http/origins';
import { type Landing, LandingPages } from '../../http/landing-pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { shape } from '../../http/shape.pipe';
import type { Origin } from '../../kernel/origin';
import { EmailLinkForm } from './email-change.dto';
import { EmailConfirmationService } from './email-confirmation.service';

/** The landing page of the mail that proves a new address. */
@RegStackPages('confirm-email-change')
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
  open(
    @Query() query: Readonly<Record<string, unknown>>,
    @Headers('cookie') cookies: string | undefined,
    @Res() response: unknown,
  ): Promise<void> {
    return this.pages.open(this.landing, { query, cookies, response });
  }

  @Post()
  press(
    @Body(shape(EmailLinkForm)) { token_hash }: Readonly<EmailLinkForm>,
    @Headers('cookie') cookies: string | undefined,
    @From() origin: Origin,
    @Res() response: unknown,
  ): Promise<void> {
    return this.pages.press(this.landing, token_hash, { cookies, response }, (token) =>
      this.service.confirm(token, origin),
    );
  }
}
