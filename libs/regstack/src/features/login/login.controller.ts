import { Body, Headers, HttpCode, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { Public } from '../../http/access';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { LoginIpGuard } from '../../http/login-ip.guard';
import { From } from '../../http/origins';
import { RegStackController } from '../../http/regstack-controller.decorator';
import type { SentRequest } from '../../http/same-origin';
import { shape } from '../../http/shape.pipe';
import { SignInCookies } from '../../http/sign-in-cookies';
import type { Origin } from '../../kernel/origin';
import { LoginQuery, LoginRequest } from './login.dto';
import { LoginService } from './login.service';
import { LogoutService } from './logout.service';

/** `POST /login`, `POST /logout`. */
@RegStackController()
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly logouts: LogoutService,
    private readonly cookies: SignInCookies,
  ) {}

  @Public()
  @Post('login')
  @UseGuards(LoginIpGuard)
  @HttpCode(200)
  async login(
    @Query(shape(LoginQuery)) { transport = 'bearer' }: Readonly<LoginQuery>,
    @Body(shape(LoginRequest)) { email, password }: Readonly<LoginRequest>,
    @From() origin: Origin,
    @Req() request: SentRequest,
    @Res({ passthrough: true }) response: unknown,
  ) {
    const { deviceToken, replaced } = this.cookies.read(request, transport, origin);
    const signedIn = await this.logins.login({ email, password, deviceToken, transport }, origin);
    await this.logouts.endReplaced(replaced, origin);
    this.cookies.set(response, signedIn, transport);
    const { accessToken, expiresIn } = signedIn;
    if (transport === 'cookie') return { token_type: 'cookie', expires_in: expiresIn };
    return { access_token: accessToken, token_type: 'bearer', expires_in: expiresIn };
  }

  @Post('logout')
  @HttpCode(200)
  async logout(
    @CurrentSession() caller: Authentication,
    @From() origin: Origin,
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) response: unknown,
  ) {
    await this.logouts.logout(caller, origin);
    if (authorization === undefined) this.cookies.forgetSession(response);
    return { message: 'You are signed out.' };
  }
}
