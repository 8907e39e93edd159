import { Body, Get, Headers, Post, Query, Res } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { LinkCookie } from '../../http/link-cookie';
import { PageResponse } from '../../http/page.response';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { shape } from '../../http/shape.pipe';
import { AccountError } from '../../kernel/errors';
import { hashToken } from '../../kernel/secret-token';
import { PageRenderer } from '../../ui/page.renderer';
import { VerifyForm } from './registration.dto';
import { VerificationService } from './verification.service';

const KIND = 'verify';

/** The landing page of the verification mail. Opening it changes nothing (R34); its button verifies. Works without script. */
@RegStackPages('verify')
export class VerifyPages {
  constructor(
    private readonly config: RegStackConfig,
    private readonly verification: VerificationService,
    private readonly pages: PageRenderer,
    private readonly link: LinkCookie,
    private readonly response: PageResponse,
  ) {}

  @Get()
  async open(
    @Query() query: Readonly<Record<string, unknown>>,
    @Headers('cookie') cookies: string | undefined,
    @Res() response: unknown,
  ): Promise<void> {
    this.checkServed();
    if (query['token'] !== undefined) {
      return this.response.redirect(response, 'verify', this.link.keep(KIND, query['token']));
    }
    if (query['done'] !== undefined)
      return this.response.send(response, await this.pages.render('registration/verified', {}));
    const token = this.link.read(KIND, cookies);
    if (token === null || !(await this.verification.isLive(token))) throw new AccountError('token.invalid');
    const page = await this.pages.render('registration/verify', { token_hash: hashToken(token) });
    this.response.send(response, page);
  }

  @Post()
  async confirm(
    @Body(shape(VerifyForm)) form: Readonly<VerifyForm>,
    @Headers('cookie') cookies: string | undefined,
    @Res() response: unknown,
  ): Promise<void> {
    this.checkServed();
    const token = this.link.read(KIND, cookies);
    if (token === null || !this.link.matches(token, form.token_hash)) throw new AccountError('token.invalid');
    await this.verification.verify(token);
    this.response.redirect(response, 'verify?done', this.link.forget(KIND));
  }

  /** A host whose front end has a page of its own for these links has none of ours. */
  private checkServed(): void {
    if (this.config.verifyUrlTemplate !== null) throw new AccountError('request.not_found');
  }
}
