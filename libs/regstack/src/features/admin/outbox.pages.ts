import { Get, Param, Post } from '@nestjs/common';
import { RequireFresh } from '../../http/access';
import { CurrentBy } from '../../http/current-by.decorator';
import { type Exchange, InExchange } from '../../http/exchange';
import { QueryForm, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { Pages } from '../../http/pages';
import { asQuery } from '../../http/query';
import { RegStackAdminGuard } from '../../http/regstack-admin.guard';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { MESSAGE_STATES } from '../../kernel/message-state';
import type { By } from '../../kernel/origin';
import { AdminOutboxService } from './outbox.service';
import { OutboxQueryRequest, pageIn, pagerOf } from './pages.dto';

/** Mails and text messages, for admins, who can have one sent again. */
@RegStackPages('admin/outbox', { guard: RegStackAdminGuard, switchedBy: 'admin' })
export class AdminOutboxPages {
  constructor(
    private readonly outbox: AdminOutboxService,
    private readonly forms: FormPages,
    private readonly pages: Pages,
  ) {}

  @Get(['', ':id/retry'])
  list(
    @QueryForm(OutboxQueryRequest) form: SentForm<OutboxQueryRequest>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.forms.ask(form, exchange, (query) => this.page(query, form.typed));
  }

  /** Leads back to the list as it was. */
  @RequireFresh()
  @Post(':id/retry')
  async retry(
    @Param('id') id: string,
    @QueryForm(OutboxQueryRequest) form: SentForm<OutboxQueryRequest>,
    @CurrentBy() by: By,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    const page = this.page(await form.read(), form.typed);
    await this.forms.submit(page, form, exchange, async () => {
      await this.outbox.retry(id, by);
      this.pages.redirect(exchange, `admin/outbox${asQuery({ ...form.typed, done: 'message_retried' })}`);
    });
  }

  private page(
    query: OutboxQueryRequest | null = {},
    typed: Readonly<Record<string, string>> = {},
  ): FormPage {
    return {
      view: 'admin/outbox',
      values: async () => {
        const [counts, found] = await Promise.all([
          this.outbox.counts(),
          query && this.outbox.list(query.state ?? null, pageIn(query)),
        ]);
        const pager = pagerOf(typed, found?.nextCursor ?? null);
        return { states: MESSAGE_STATES, counts, messages: found?.items, pager };
      },
    };
  }
}
