import { Body, Delete, HttpCode, Post } from '@nestjs/common';
import { type Authentication, CurrentSession } from '../../http/current-user.decorator';
import { NoFields } from '../../http/no-fields.decorator';
import { From } from '../../http/origins';
import { proofIn } from '../../http/proof-in';
import { RegStackController } from '../../http/regstack-controller.decorator';
import { shape } from '../../http/shape.pipe';
import type { Origin } from '../../kernel/origin';
import type { MfaFactor } from '../../kernel/sign-in-proof';
import { FactorsService } from './factors.service';
import { FactorRequest } from './mfa.dto';
import { ProofCodeService } from './proof-code.service';

/**
 * `POST /mfa/challenge`, `POST /mfa/recovery-codes`, `DELETE /phone`, `DELETE /mfa/totp` and the aliases of those for clients behind proxies
 * that drop the body of a DELETE. They work whatever can be enrolled: who has a factor must be able to get rid of it.
 */
@RegStackController()
export class FactorsController {
  constructor(
    private readonly factors: FactorsService,
    private readonly codes: ProofCodeService,
  ) {}

  @NoFields()
  @Post('mfa/challenge')
  @HttpCode(202)
  async challenge(@CurrentSession() caller: Authentication, @From() origin: Origin) {
    return { status: 'code_sent', expires_in: await this.codes.send(caller, origin) };
  }

  @Post('mfa/recovery-codes')
  @HttpCode(200)
  async recoveryCodes(
    @CurrentSession() caller: Authentication,
    @Body(shape(FactorRequest)) body: Readonly<FactorRequest>,
    @From() origin: Origin,
  ) {
    return { recovery_codes: await this.factors.newRecoveryCodes(caller, proofIn(body), origin) };
  }

  @Delete('phone')
  removePhone(
    @CurrentSession() caller: Authentication,
    @Body(shape(FactorRequest)) body: Readonly<FactorRequest>,
    @From() origin: Origin,
  ) {
    return this.remove(caller, 'sms', body, origin);
  }

  @Post('phone/delete')
  @HttpCode(200)
  removePhoneByPost(
    @CurrentSession() caller: Authentication,
    @Body(shape(FactorRequest)) body: Readonly<FactorRequest>,
    @From() origin: Origin,
  ) {
    return this.remove(caller, 'sms', body, origin);
  }

  @Delete('mfa/totp')
  removeTotp(
    @CurrentSession() caller: Authentication,
    @Body(shape(FactorRequest)) body: Readonly<FactorRequest>,
    @From() origin: Origin,
  ) {
    return this.remove(caller, 'totp', body, origin);
  }

  @Post('mfa/totp/delete')
  @HttpCode(200)
  removeTotpByPost(
    @CurrentSession() caller: Authentication,
    @Body(shape(FactorRequest)) body: Readonly<FactorRequest>,
    @From() origin: Origin,
  ) {
    return this.remove(caller, 'totp', body, origin);
  }

  private async remove(caller: Authentication, factor: MfaFactor, body: FactorRequest, origin: Origin) {
    await this.factors.remove(caller, factor, proofIn(body), origin);
    return { message: 'The second factor is removed.' };
  }
}
