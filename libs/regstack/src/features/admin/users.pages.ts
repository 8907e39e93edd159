import { Get } from '@nestjs/common';
import { type Exchange, InExchange } from '../../http/exchange';
import { QueryForm, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { RegStackAdminGuard } from '../../http/regstack-admin.guard';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { DirectoryService } from './directory.service';
import { pagerOf } from './pages.dto';
import { UsersQuery, usersIn } from './users.dto';

/** All users, for admins: counted, searched, page by page. */
@RegStackPages('admin', { guard: RegStackAdminGuard, switchedBy: 'admin' })
export class AdminUsersPages {
  constructor(
    private readonly directory: DirectoryService,
    private readonly forms: FormPages,
  ) {}

  @Get()
  list(@QueryForm(UsersQuery) form: SentForm<UsersQuery>, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.ask(form, exchange, (query) => this.page(form, query));
  }

  private page({ typed }: SentForm<UsersQuery>, query: UsersQuery | null): FormPage {
    return {
      view: 'admin/users',
      values: async () => {
        const [counts, found] = await Promise.all([this.directory.counts(), query && this.find(query)]);
        const pager = pagerOf(typed, found?.nextCursor ?? null);
        return { counts, users: found?.items, total: found?.total, pager };
      },
    };
  }

  private find(query: UsersQuery) {
    const { users, page } = usersIn(query);
    return this.directory.list(users, page);
  }
}
