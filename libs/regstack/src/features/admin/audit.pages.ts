import { Get } from '@nestjs/common';
import { type Exchange, InExchange } from '../../http/exchange';
import { QueryForm, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { RegStackAdminGuard } from '../../http/regstack-admin.guard';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { SECURITY_EVENTS } from '../../kernel/security-events';
import { AuditService } from './audit.service';
import { AuditQueryRequest, pageIn, pagerOf, recordsIn } from './pages.dto';

const KINDS = Object.keys(SECURITY_EVENTS).toSorted();

/** What has happened and concerns security, for admins: all of it, of one kind, or of one user. */
@RegStackPages('admin/audit', { guard: RegStackAdminGuard, switchedBy: 'admin' })
export class AuditPages {
  constructor(
    private readonly audit: AuditService,
    private readonly forms: FormPages,
  ) {}

  @Get()
  list(
    @QueryForm(AuditQueryRequest) form: SentForm<AuditQueryRequest>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.forms.ask(form, exchange, (query) => this.page(form, query));
  }

  private page({ typed }: SentForm<AuditQueryRequest>, query: AuditQueryRequest | null): FormPage {
    return {
      view: 'admin/audit',
      values: async () => {
        const found = query && (await this.audit.list(recordsIn(query), pageIn(query)));
        return { kinds: KINDS, records: found?.items, pager: pagerOf(typed, found?.nextCursor ?? null) };
      },
    };
  }
}
