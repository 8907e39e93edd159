import { Get, Param, Post } from '@nestjs/common';
import { RequireFresh } from '../../http/access';
import { CurrentBy } from '../../http/current-by.decorator';
import { type Exchange, InExchange } from '../../http/exchange';
import { QueryForm, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { Pages } from '../../http/pages';
import { RegStackAdminGuard } from '../../http/regstack-admin.guard';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import type { By } from '../../kernel/origin';
import { pageIn, PageQuery, pagerOf } from './pages.dto';
import { AdminRegistrationsService } from './registrations.service';

/** Registrations that wait for the proof of their address, for admins, who can make an account of one. */
@RegStackPages('admin/registrations', { guard: RegStackAdminGuard, switchedBy: 'admin' })
export class AdminRegistrationsPages {
  constructor(
    private readonly registrations: AdminRegistrationsService,
    private readonly forms: FormPages,
    private readonly pages: Pages,
  ) {}

  @Get(['', ':id/promote'])
  list(@QueryForm(PageQuery) form: SentForm<PageQuery>, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.ask(form, exchange, (query) => this.page(query ?? {}, form.typed));
  }

  @RequireFresh()
  @Post(':id/promote')
  promote(@Param('id') id: string, @CurrentBy() by: By, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.press(this.page(), exchange, async () => {
      await this.registrations.promote(id, by);
      this.pages.redirect(exchange, 'admin/registrations?done=registration_promoted');
    });
  }

  private page(query: PageQuery = {}, typed: Readonly<Record<string, string>> = {}): FormPage {
    return {
      view: 'admin/registrations',
      values: async () => {
        const { items, nextCursor } = await this.registrations.list(pageIn(query));
        return { registrations: items, pager: pagerOf(typed, nextCursor) };
      },
    };
  }
}
