import { Body, Get, Headers, Post, Query, Res } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { From } from '../../http/origins';
import { type Landing, LandingPages } from '../../http/landing-pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { shape } from '../../http/shape.pipe';
import type { Origin } from '../../kernel/origin';
import { EmailLinkForm } from './email-change.dto';
import { EmailUndoService } from './email-undo.service';

/** The landing page of the mail that takes a change of address back. */
@RegStackPages('undo-email-change')
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
      this.service.undo(token, origin),
    );
  }
}
