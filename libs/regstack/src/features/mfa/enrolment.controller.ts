import { Body, HttpCode, Post } from '@nestjs/common';
import { OptionalAuth, SwitchedBy } from '../../http/access';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { EnrolmentGuard } from '../../http/enrolment.guard';
import { type Exchange, InExchange } from '../../http/exchange';
import { proofIn } from '../../http/proof-in';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import { SignInAnswers } from '../../http/sign-in-answers';
import { SignInCookies } from '../../http/sign-in-cookies';
import { userJson } from '../../http/user.json';
import type { Enroller } from './enrolment.service';
import { ConfirmRequest, EnrolmentRequest, PhoneStartRequest } from './mfa.dto';
import { PhoneEnrolmentService } from './phone-enrolment.service';
import { TotpEnrolmentService } from './totp-enrolment.service';

/** `POST /phone/start`, `/phone/confirm`, `/mfa/totp/start`, `/mfa/totp/confirm`: for who is signed in, and for whose sign-in waits for it. */
@RegStackController(EnrolmentGuard)
@OptionalAuth()
export class EnrolmentController {
  constructor(
    private readonly phone: PhoneEnrolmentService,
    private readonly totp: TotpEnrolmentService,
    private readonly cookies: SignInCookies,
    private readonly answers: SignInAnswers,
  ) {}

  @SwitchedBy('smsEnrolment')
  @Post('phone/start')
  @HttpCode(202)
  async startPhone(
    @CurrentSession() caller: Authentication | null,
    @Body(shape(PhoneStartRequest)) body: Readonly<PhoneStartRequest>,
    @InExchange() exchange: Exchange,
  ) {
    const enroller = this.enroller(caller, body, exchange);
    const { pendingToken, expiresIn } = await this.phone.start(enroller, body.phone_number, proofIn(body));
    return { status: 'code_sent', pending_token: pendingToken, expires_in: expiresIn };
  }

  @SwitchedBy('smsEnrolment')
  @Post('phone/confirm')
  @HttpCode(200)
  async confirmPhone(
    @CurrentSession() caller: Authentication | null,
    @Body(shape(ConfirmRequest)) body: Readonly<ConfirmRequest>,
    @InExchange() exchange: Exchange,
  ) {
    const enroller = this.enroller(caller, body, exchange);
    const { user, finished } = await this.phone.confirm(enroller, confirmationIn(body));
    return finished ? this.answers.signedIn(finished, exchange) : userJson(user);
  }

  @SwitchedBy('totpEnrolment')
  @Post('mfa/totp/start')
  @HttpCode(200)
  async startTotp(
    @CurrentSession() caller: Authentication | null,
    @Body(shape(EnrolmentRequest)) body: Readonly<EnrolmentRequest>,
    @InExchange() exchange: Exchange,
  ) {
    const enroller = this.enroller(caller, body, exchange);
    const { secret, uri, qrSvg, pendingToken, expiresIn } = await this.totp.start(enroller, proofIn(body));
    return { secret, otpauth_uri: uri, qr_svg: qrSvg, pending_token: pendingToken, expires_in: expiresIn };
  }

  @SwitchedBy('totpEnrolment')
  @Post('mfa/totp/confirm')
  @HttpCode(200)
  async confirmTotp(
    @CurrentSession() caller: Authentication | null,
    @Body(shape(ConfirmRequest)) body: Readonly<ConfirmRequest>,
    @InExchange() exchange: Exchange,
  ) {
    const enroller = this.enroller(caller, body, exchange);
    const { recoveryCodes, finished } = await this.totp.confirm(enroller, confirmationIn(body));
    const signedIn = finished && (await this.answers.signedIn(finished, exchange));
    return { recovery_codes: recoveryCodes, ...signedIn };
  }

  private enroller(
    caller: Authentication | null,
    { mfa_pending_token: pendingToken }: Pick<EnrolmentRequest, 'mfa_pending_token'>,
    exchange: Exchange,
  ): Enroller {
    return { caller, pendingToken, client: this.cookies.clientOf(exchange) };
  }
}

function confirmationIn({
  pending_token: pendingToken,
  code,
  current_password: currentPassword,
}: ConfirmRequest) {
  return { pendingToken, code, currentPassword };
}
