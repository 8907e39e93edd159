import { Body, Get, Headers, Post, Query, Res } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { type Landing, LandingPages } from '../../http/landing-pages';
import { From } from '../../http/origins';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { shape } from '../../http/shape.pipe';
import type { Origin } from '../../kernel/origin';
import { VerifyForm } from './registration.dto';
import { VerificationService } from './verification.service';

/** The landing page of verification mails. */
@RegStackPages('verify')
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
  open(
    @Query() query: Readonly<Record<string, unknown>>,
    @Headers('cookie') cookies: string | undefined,
    @Res() response: unknown,
  ): Promise<void> {
    return this.pages.open(this.landing, { query, cookies, response });
  }

  @Post()
  press(
    @Body(shape(VerifyForm)) { token_hash, new_password }: Readonly<VerifyForm>,
    @Headers('cookie') cookies: string | undefined,
    @From() origin: Origin,
    @Res() response: unknown,
  ): Promise<void> {
    return this.pages.press(this.landing, token_hash, { cookies, response }, (token) =>
      this.verification.verify(token, { password: new_password }, origin),
    );
  }
}
