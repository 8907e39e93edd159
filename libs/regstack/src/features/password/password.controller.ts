import { Body, HttpCode, Post } from '@nestjs/common';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { From } from '../../http/origins';
import { Public, SwitchedBy } from '../../http/access';
import { proofIn } from '../../http/proof-in';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import {
  ChangePasswordRequest,
  ForgotPasswordRequest,
  ReauthenticateRequest,
  ResetPasswordRequest,
} from './password.dto';
import type { Origin } from '../../kernel/origin';
import { ForgottenPasswordService } from './forgotten-password.service';
import { PasswordChangeService } from './password-change.service';
import { PasswordResetService } from './password-reset.service';
import { ReauthenticationService } from './reauthentication.service';

/** `POST /forgot-password`, `/reset-password`, `/change-password`, `/reauthenticate`. */
@RegStackController()
export class PasswordController {
  constructor(
    private readonly forgotten: ForgottenPasswordService,
    private readonly resets: PasswordResetService,
    private readonly changes: PasswordChangeService,
    private readonly reauthentication: ReauthenticationService,
  ) {}

  @Public()
  @SwitchedBy('passwordReset')
  @Post('forgot-password')
  @HttpCode(202)
  async forgot(
    @Body(shape(ForgotPasswordRequest)) { email }: Readonly<ForgotPasswordRequest>,
    @From() origin: Origin,
  ) {
    await this.forgotten.request(email, origin);
    return { message: 'If there is an account with this address, a link is on its way to it.' };
  }

  @Public()
  @SwitchedBy('passwordReset')
  @Post('reset-password')
  @HttpCode(200)
  async reset(
    @Body(shape(ResetPasswordRequest)) { token, new_password }: Readonly<ResetPasswordRequest>,
    @From() origin: Origin,
  ) {
    await this.resets.reset(token, new_password, origin);
    return { message: 'Your password is set. Sign in with it.' };
  }

  @Post('change-password')
  @HttpCode(200)
  async change(
    @CurrentSession() caller: Authentication,
    @Body(shape(ChangePasswordRequest)) body: Readonly<ChangePasswordRequest>,
    @From() origin: Origin,
  ) {
    await this.changes.change(caller, body.current_password, body.new_password, origin);
    return { message: 'Your password is changed. You are signed out everywhere; sign in with the new one.' };
  }

  @Post('reauthenticate')
  @HttpCode(200)
  async reauthenticate(
    @CurrentSession() caller: Authentication,
    @Body(shape(ReauthenticateRequest)) body: Readonly<ReauthenticateRequest>,
    @From() origin: Origin,
  ) {
    const authenticatedAt = await this.reauthentication.reauthenticate(caller, proofIn(body), origin);
    return { authenticated_at: authenticatedAt.toISOString() };
  }
}
