import { Post } from '@nestjs/common';
import { AccountPage } from '../../http/account-page';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { FormPages } from '../../http/form-pages';
import { Pages } from '../../http/pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { ProfileForm } from './account.dto';
import { ProfileService } from './profile.service';

/** The name, on the page of who is signed in. */
@RegStackPages('me')
export class ProfilePages {
  constructor(
    private readonly profiles: ProfileService,
    private readonly account: AccountPage,
    private readonly forms: FormPages,
    private readonly pages: Pages,
  ) {}

  @Post()
  change(
    @CurrentSession() caller: Authentication,
    @Form(ProfileForm) form: SentForm<ProfileForm>,
    @InExchange() exchange: Exchange,
  ): Promise<void> {
    const page = this.account.at('profile', caller);
    return this.forms.submit(page, form, exchange, async ({ full_name: fullName = null }) => {
      await this.profiles.update(caller, { fullName }, exchange.origin);
      this.pages.redirect(exchange, 'me?done=profile');
    });
  }
}
