import { Get, Param, Post } from '@nestjs/common';
import { RequireFresh } from '../../http/access';
import { CurrentBy } from '../../http/current-by.decorator';
import { callerOf, type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { Pages } from '../../http/pages';
import { RegStackAdminGuard } from '../../http/regstack-admin.guard';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { shape } from '../../http/shape.pipe';
import type { By } from '../../kernel/origin';
import type { UserAttributes } from '../../kernel/regstack-user';
import { AuditService } from './audit.service';
import { bodyOf, changeIn, RemovalForm, UserChangeRequest, UserForm } from './users.dto';
import { AdminUsersService, type UserChange } from './users.service';

/** Where the buttons lead: opened as it is, each is the page that they are on. */
const BUTTONS = [
  'disable',
  'enable',
  'promote',
  'demote',
  'revoke-sessions',
  'resend-verification',
  'delete',
];

/** How many records the page shows of a user. */
const RECORDS = 10;

const changeRequest = shape(UserChangeRequest);

/** One user, and what admins do to them: a button each. */
@RegStackPages('admin/users', { guard: RegStackAdminGuard, switchedBy: 'admin' })
export class AdminUserPages {
  constructor(
    private readonly users: AdminUsersService,
    private readonly audit: AuditService,
    private readonly forms: FormPages,
    private readonly pages: Pages,
  ) {}

  @Get([':id', ...BUTTONS.map((button) => `:id/${button}`)])
  open(@Param('id') id: string, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.show(this.page(id, exchange), exchange);
  }

  @RequireFresh()
  @Post(':id')
  save(
    @Param('id') id: string,
    @Form(UserForm) form: SentForm<UserForm>,
    @CurrentBy() by: By,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.forms.submit(this.page(id, exchange), form, exchange, async (fields) => {
      // Roles are held to the same shape as where they come as a list.
      const body = await changeRequest.transform(bodyOf(fields), { type: 'body' });
      await this.users.change(id, changeIn(body), by);
      this.pages.redirect(exchange, `admin/users/${id}?done=user_saved`);
    });
  }

  @RequireFresh()
  @Post(':id/disable')
  disable(@Param('id') id: string, @CurrentBy() by: By, @InExchange() exchange: Exchange): Promise<void> {
    return this.change(id, { isActive: false }, by, exchange, 'user_disabled');
  }

  @RequireFresh()
  @Post(':id/enable')
  enable(@Param('id') id: string, @CurrentBy() by: By, @InExchange() exchange: Exchange): Promise<void> {
    return this.change(id, { isActive: true }, by, exchange, 'user_enabled');
  }

  @RequireFresh()
  @Post(':id/promote')
  promote(@Param('id') id: string, @CurrentBy() by: By, @InExchange() exchange: Exchange): Promise<void> {
    return this.change(id, { isSuperuser: true }, by, exchange, 'user_promoted');
  }

  @RequireFresh()
  @Post(':id/demote')
  demote(@Param('id') id: string, @CurrentBy() by: By, @InExchange() exchange: Exchange): Promise<void> {
    return this.change(id, { isSuperuser: false }, by, exchange, 'user_demoted');
  }

  @RequireFresh()
  @Post(':id/revoke-sessions')
  revokeSessions(@Param('id') id: string, @CurrentBy() by: By, @InExchange() exchange: Exchange) {
    return this.press(id, exchange, 'user_sessions_ended', () => this.users.revokeSessions(id, by));
  }

  @Post(':id/resend-verification')
  resendVerification(@Param('id') id: string, @CurrentBy() by: By, @InExchange() exchange: Exchange) {
    return this.press(id, exchange, 'user_link_sent', () => this.users.resendVerification(id, by));
  }

  @RequireFresh()
  @Post(':id/delete')
  remove(
    @Param('id') id: string,
    @Form(RemovalForm) form: SentForm<RemovalForm>,
    @CurrentBy() by: By,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    return this.forms.submit(this.page(id, exchange), form, exchange, async () => {
      await this.users.remove(id, by);
      this.pages.redirect(exchange, 'admin?done=user_deleted');
    });
  }

  private change(id: string, change: UserChange, by: By, exchange: Exchange, done: string): Promise<void> {
    return this.press(id, exchange, done, () => this.users.change(id, change, by));
  }

  private press(id: string, exchange: Exchange, done: string, act: () => Promise<unknown>): Promise<void> {
    return this.forms.press(this.page(id, exchange), exchange, async () => {
      await act();
      this.pages.redirect(exchange, `admin/users/${id}?done=${done}`);
    });
  }

  private page(id: string, exchange: Exchange): FormPage {
    return {
      view: 'admin/user',
      values: async () => {
        const account = await this.users.get(id);
        const page = { cursor: undefined, limit: RECORDS };
        const { items: records } = await this.audit.list({ kind: null, userId: account.id }, page);
        const attributes = asTexts(account.attributes);
        return { account, attributes, records, is_own: callerOf(exchange)?.user.id === account.id };
      },
    };
  }
}

/** What the host adds to a user, whatever it is made of, as text to be read. */
function asTexts(attributes: UserAttributes) {
  return Object.entries(attributes).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
}
