import { Body, Headers, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { DeviceCookie } from '../../http/device-cookie';
import { LoginIpGuard } from '../../http/login-ip.guard';
import { Public } from '../../http/public.decorator';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import { LoginRequest } from './login.dto';
import { LoginService } from './login.service';

/** `POST /login`, `POST /logout`. */
@RegStackController()
export class LoginController {
  constructor(
    private readonly loginService: LoginService,
    private readonly deviceCookie: DeviceCookie,
  ) {}

  @Public()
  @Post('login')
  @UseGuards(LoginIpGuard)
  @HttpCode(200)
  async login(
    @Body(shape(LoginRequest)) { email, password }: Readonly<LoginRequest>,
    @Headers('cookie') cookies: string | undefined,
    @Res({ passthrough: true }) response: unknown,
  ) {
    const known = this.deviceCookie.read(cookies);
    const { accessToken, expiresIn, deviceToken } = await this.loginService.login(email, password, known);
    this.deviceCookie.set(response, deviceToken);
    return { access_token: accessToken, token_type: 'bearer', expires_in: expiresIn };
  }

  @Post('logout')
  @HttpCode(200)
  async logout(@CurrentSession() { sessionId, user }: Authentication) {
    await this.loginService.logout(sessionId, user);
    return { message: 'You are signed out.' };
  }
}
