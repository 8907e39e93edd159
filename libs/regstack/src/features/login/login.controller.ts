import { Body, HttpCode, Post } from '@nestjs/common';
import { CurrentSessionId, CurrentUser } from '../../http/current-user.decorator';
import { Public } from '../../http/public.decorator';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import type { RegStackUser } from '../../kernel/regstack-user';
import { LoginRequest } from './login.dto';
import { LoginService } from './login.service';

/** `POST /login`, `POST /logout`. */
@RegStackController()
export class LoginController {
  constructor(private readonly loginService: LoginService) {}

  @Public()
  @Post('login')
  @HttpCode(200)
  async login(@Body(shape(LoginRequest)) { email, password }: Readonly<LoginRequest>) {
    const { accessToken, expiresIn } = await this.loginService.login(email, password);
    return { access_token: accessToken, token_type: 'bearer', expires_in: expiresIn };
  }

  @Post('logout')
  @HttpCode(200)
  async logout(@CurrentSessionId() sessionId: string, @CurrentUser() user: RegStackUser) {
    await this.loginService.logout(sessionId, user);
    return { message: 'You are signed out.' };
  }
}
