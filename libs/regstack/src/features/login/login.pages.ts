import { Get, Post, UseGuards } from '@nestjs/common';
import { OptionalAuth } from '../../http/access';
import { callerOf, type Exchange, InExchange } from '../../http/exchange';
import { Form, type SentForm } from '../../http/form.decorator';
import { type FormPage, FormPages } from '../../http/form-pages';
import { LoginIpGuard } from '../../http/login-ip.guard';
import { PageSignIns } from '../../http/page-sign-ins';
import { Pages } from '../../http/pages';
import { RegStackPages } from '../../http/regstack-pages.decorator';
import { SignInCookies } from '../../http/sign-in-cookies';
import { LoginForm } from './login.dto';
import { LoginService } from './login.service';

const LOGIN: FormPage = { view: 'login/login' };

/** Signing in with a browser; `?next=` is where that leads. */
@RegStackPages('login')
@OptionalAuth()
export class LoginPages {
  constructor(
    private readonly logins: LoginService,
    private readonly cookies: SignInCookies,
    private readonly signIns: PageSignIns,
    private readonly pages: Pages,
    private readonly forms: FormPages,
  ) {}

  @Get()
  open(@InExchange() exchange: Exchange): Promise<void> | void {
    return callerOf(exchange) ? this.pages.leave(exchange) : this.forms.show(LOGIN, exchange);
  }

  @Post()
  @UseGuards(LoginIpGuard)
  login(@Form(LoginForm) form: SentForm<LoginForm>, @InExchange() exchange: Exchange): Promise<void> {
    return this.forms.submit(LOGIN, form, exchange, async ({ email, password }) => {
      const { deviceToken, origin } = this.cookies.read(exchange, 'cookie');
      const result = await this.logins.login({ email, password, deviceToken, transport: 'cookie' }, origin);
      await this.signIns.goOn(result, exchange);
    });
  }
}
