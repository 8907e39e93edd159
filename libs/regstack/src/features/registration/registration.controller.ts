import { Body, HttpCode, Post, UseGuards } from '@nestjs/common';
import { Public } from '../../http/access';
import { From } from '../../http/origins';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import { userJson } from '../../http/user.json';
import type { Origin } from '../../kernel/origin';
import { RegisterRequest, ResendRequest, VerifyRequest } from './registration.dto';
import { RegistrationOpenGuard } from './registration-open.guard';
import { RegistrationService } from './registration.service';
import { ResendService } from './resend.service';
import { VerificationService } from './verification.service';

/** `POST /register`, `POST /verify`, `POST /resend-verification`. */
@RegStackController()
@Public()
export class RegistrationController {
  constructor(
    private readonly registration: RegistrationService,
    private readonly verification: VerificationService,
    private readonly resender: ResendService,
  ) {}

  @Post('register')
  @UseGuards(RegistrationOpenGuard)
  async register(@Body(shape(RegisterRequest)) body: Readonly<RegisterRequest>, @From() origin: Origin) {
    const { email, password, full_name: fullName = null } = body;
    const typed = { email, password, fullName, attributes: body.attributes ?? {} };
    const outcome = await this.registration.register(typed, origin);
    if ('id' in outcome) return userJson(outcome);
    return {
      status: 'pending_verification',
      email: outcome.email,
      expires_at: outcome.expiresAt.toISOString(),
    };
  }

  @Post('verify')
  @HttpCode(200)
  async verify(
    @Body(shape(VerifyRequest)) { token, new_password, attributes }: Readonly<VerifyRequest>,
    @From() origin: Origin,
  ) {
    const typed = { password: new_password ?? undefined, attributes: attributes ?? undefined };
    return userJson(await this.verification.verify(token, typed, origin));
  }

  @Post('resend-verification')
  @HttpCode(202)
  async resend(@Body(shape(ResendRequest)) { email }: Readonly<ResendRequest>, @From() origin: Origin) {
    await this.resender.resend(email, origin);
    return { message: 'If this address waits for its confirmation, a link is on its way to it.' };
  }
}
