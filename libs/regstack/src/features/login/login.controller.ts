import { Body, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { Public } from '../../http/access';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { type Exchange, InExchange } from '../../http/exchange';
import { LoginIpGuard } from '../../http/login-ip.guard';
import { NoFields } from '../../http/no-fields.decorator';
import { From } from '../../http/origins';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import { SignInAnswers, waitJson } from '../../http/sign-in-answers';
import { SignInCookies } from '../../http/sign-in-cookies';
import type { Origin } from '../../kernel/origin';
import { CodeResendService } from './code-resend.service';
import { LoginQuery, LoginRequest, ResendRequest, SecondStepRequest } from './login.dto';
import { LoginService } from './login.service';
import { LogoutService } from './logout.service';
import { SecondStepService } from './second-step.service';

/** `POST /login`, `/login/mfa-confirm`, `/login/mfa-resend`, `/logout`. */
@RegStackController()
export class LoginController {
  constructor(
    private readonly logins: LoginService,
    private readonly steps: SecondStepService,
    private readonly resends: CodeResendService,
    private readonly logouts: LogoutService,
    private readonly cookies: SignInCookies,
    private readonly answers: SignInAnswers,
  ) {}

  @Public()
  @Post('login')
  @UseGuards(LoginIpGuard)
  @HttpCode(200)
  async login(
    @Query(shape(LoginQuery)) { transport = 'bearer' }: Readonly<LoginQuery>,
    @Body(shape(LoginRequest)) { email, password }: Readonly<LoginRequest>,
    @InExchange() exchange: Exchange,
  ) {
    const { deviceToken, origin } = this.cookies.read(exchange, transport);
    const result = await this.logins.login({ email, password, deviceToken, transport }, origin);
    if (result.status !== 'signed_in') return waitJson(result);
    return this.answers.signedIn({ signedIn: result, transport }, exchange);
  }

  @Public()
  @Post('login/mfa-confirm')
  @HttpCode(200)
  async confirm(
    @Body(shape(SecondStepRequest)) body: Readonly<SecondStepRequest>,
    @InExchange() exchange: Exchange,
  ) {
    const { mfa_pending_token: pendingToken, code, method, trust_device: trustsDevice = false } = body;
    const step = { pendingToken, code, method, trustsDevice };
    return this.answers.signedIn(await this.steps.confirm(step, this.cookies.clientOf(exchange)), exchange);
  }

  @Public()
  @Post('login/mfa-resend')
  @HttpCode(202)
  async resend(
    @Body(shape(ResendRequest)) { mfa_pending_token }: Readonly<ResendRequest>,
    @From() origin: Origin,
  ) {
    await this.resends.resend(mfa_pending_token, origin);
    return { message: 'A new code is on its way.' };
  }

  @NoFields()
  @Post('logout')
  @HttpCode(200)
  async logout(
    @CurrentSession() caller: Authentication,
    @InExchange() { request, response, origin }: Exchange,
  ) {
    await this.logouts.logout(caller, origin);
    if (request.headers.authorization === undefined) this.cookies.forgetSession(response);
    return { message: 'You are signed out.' };
  }
}
