import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../../config/regstack.config';
import { canonicalPhoneNumber } from '../../kernel/phone-number';
import { CodeTexts } from '../../services/code-texts';
import { MfaLimits } from '../../services/mfa-limits.service';
import { SmsCodes } from '../../services/sms-codes';
import { type Enrolled, type Enroller, EnrolmentService, type EnrolmentProof } from './enrolment.service';
import { type NewSetup, type SetupConfirmation, SetupsService } from './setups.service';

/** Enrolment of a number for codes by SMS. */
@Injectable()
export class PhoneEnrolmentService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly enrolment: EnrolmentService,
    private readonly setups: SetupsService,
    private readonly texts: CodeTexts,
    private readonly codes: SmsCodes,
    private readonly limits: MfaLimits,
  ) {}

  /**
   * Sends a code to a number. It proves this number only, and only for this enrolment. Whether too many messages were sent to the number,
   * which may be somebody else's, is nobody's business: then none is sent, and an older code stays good.
   *
   * @throws AccountError `phone.invalid`, `mfa.locked`, as {@link EnrolmentService.authorise}
   */
  async start(
    enroller: Enroller,
    typedNumber: string,
    proof: EnrolmentProof,
  ): Promise<Pick<NewSetup, 'pendingToken' | 'expiresIn'>> {
    const number = canonicalPhoneNumber(typedNumber);
    const user = await this.enrolment.authorise(enroller, proof);
    const by = { actor: user.id, origin: enroller.client.origin };
    await this.limits.checkLeft({ userId: user.id, purpose: 'phone_setup', by });
    const setup = this.setups.mint('phone-setup', user, this.config.smsCodeTtlSeconds);
    const subject = { subjectId: setup.challenge.id, user, number };
    const isSent = await this.texts.send('sms-phone-setup', subject, by);
    await this.setups.store(setup, { isDecoy: !isSent });
    return setup;
  }

  /**
   * Enrols the number that the code was sent to.
   * @throws AccountError `mfa.challenge_expired`, `mfa.code_wrong`, `mfa.locked`, as {@link EnrolmentService.identify}
   */
  async confirm(enroller: Enroller, setup: SetupConfirmation): Promise<Enrolled> {
    const { pendingToken, code, currentPassword } = setup;
    const identified = await this.enrolment.identify(enroller, currentPassword);
    const { user } = identified;
    const pending = await this.setups.get('phone-setup', pendingToken, user);
    const subject = { subjectId: pending.id, authEpoch: user.authEpoch };
    const by = { actor: user.id, origin: enroller.client.origin };
    const guess = { userId: user.id, purpose: 'phone_setup', by } as const;
    const phoneNumber = await this.limits.guess(guess, async () => {
      await this.setups.countGuess(pending);
      return this.codes.use(subject, code);
    });
    return this.enrolment.complete(identified, { factor: 'sms', phoneNumber }, enroller.client);
  }
}
