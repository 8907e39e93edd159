import { Get, Post } from '@nestjs/common';
import { RequireFresh } from '../../http/access';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { PageSignIns } from '../../http/page-sign-ins';
import { Pages } from '../../http/pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { coarseDevice } from '../../kernel/coarse-device';
import type { PageValues } from '../../ui/page.renderer';
import { type OwnSession, OwnSessionsService, type OwnTrustedDevice } from './own-sessions.service';
import { EndForm } from './sessions.dto';

/** Where somebody is signed in, and which devices they trust; each can be ended, by whoever has proved lately that it is them. */
@RegStackPages('sessions')
export class SessionsPages {
  constructor(
    private readonly sessions: OwnSessionsService,
    private readonly signIns: PageSignIns,
    private readonly pages: Pages,
    private readonly forms: FormPages,
  ) {}

  @Get()
  open(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.listOf(caller), exchange);
  }

  @Get(['end', 'revoke-others'])
  goBack(@InExchange() exchange: Exchange): void {
    this.pages.redirect(exchange, 'sessions');
  }

  @RequireFresh()
  @Post('end')
  end(
    @CurrentSession() caller: Authentication,
    @Form(EndForm) form: SentForm<EndForm>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.forms.submit(this.listOf(caller), form, exchange, async ({ id }) => {
      await this.sessions.end(caller, id, exchange.origin);
      if (id !== caller.sessionId) return this.pages.redirect(exchange, 'sessions?done=session_ended');
      this.signIns.end(exchange, 'signed_out');
    });
  }

  @RequireFresh()
  @Post('revoke-others')
  async endOthers(@CurrentSession() caller: Authentication, @InExchange() exchange: Exchange): Promise<void> {
    await this.sessions.endOthers(caller, exchange.origin);
    this.pages.redirect(exchange, 'sessions?done=others_ended');
  }

  private listOf(caller: Authentication): FormPage {
    return { view: 'sessions/sessions', values: () => this.valuesOf(caller) };
  }

  private async valuesOf(caller: Authentication): Promise<PageValues> {
    const [sessions, devices] = await Promise.all([
      this.sessions.list(caller),
      this.sessions.trusted(caller),
    ]);
    return {
      sessions: sessions.map((one) => rowOf(one, one.lastSeenAt)),
      devices: devices?.map((one) => rowOf(one, one.expiresAt)),
    };
  }
}

/** @param until when it was last used, or how long it lasts */
function rowOf(
  { id, createdAt, ip, userAgent, current }: OwnSession | OwnTrustedDevice,
  until: Date,
): PageValues {
  return { id, device: coarseDevice(userAgent ?? undefined), ip, since: createdAt, until, current };
}
