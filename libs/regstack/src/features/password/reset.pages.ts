import { Body, Get, Headers, Post, Query, Res } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { From } from '../../http/origins';
import { type Landing, LandingPages } from '../../http/landing-pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { shape } from '../../http/shape.pipe';
import type { Origin } from '../../kernel/origin';
import { ResetForm } from './password.dto';
import { PasswordResetService } from './password-reset.service';

/** The landing page of reset mails. */
@RegStackPages('reset')
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
  open(
    @Query() query: Readonly<Record<string, unknown>>,
    @Headers('cookie') cookies: string | undefined,
    @Res() response: unknown,
  ): Promise<void> {
    return this.pages.open(this.landing, { query, cookies, response });
  }

  @Post()
  press(
    @Body(shape(ResetForm)) { token_hash, new_password }: Readonly<ResetForm>,
    @Headers('cookie') cookies: string | undefined,
    @From() origin: Origin,
    @Res() response: unknown,
  ): Promise<void> {
    return this.pages.press(this.landing, token_hash, { cookies, response }, (token) =>
      this.resets.reset(token, new_password, origin),
    );
  }
}
