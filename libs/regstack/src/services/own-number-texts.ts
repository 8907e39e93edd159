import { Injectable } from '@nestjs/common';
import { AccountError } from '../kernel/errors';
import type { By } from '../kernel/origin';
import type { PhoneNumber } from '../kernel/phone-number';
import type { SmsKind } from '../ports/sms.templates';
import type { CredentialRecord } from '../ports/user.repository';
import { CODE_PURPOSES, CodeTexts } from './code-texts';
import { MfaLimits } from './mfa-limits.service';
import { MfaService } from './mfa.service';

/** Codes to the number that a user has enrolled, for whoever asks for one and is to know what becomes of it. */
@Injectable()
export class OwnNumberTexts {
  constructor(
    private readonly mfa: MfaService,
    private readonly limits: MfaLimits,
    private readonly texts: CodeTexts,
  ) {}

  /**
   * Sends a new code, in place of an earlier one for the same subject.
   * @param subjectId see `CodeSubject`
   * @throws AccountError `mfa.method_unavailable` without a number; `mfa.locked` where no guess would be looked at; `sms.limited`
   */
  async send(kind: SmsKind, subjectId: string, user: CredentialRecord, by: By): Promise<void> {
    if (!this.mfa.factorsOf(user).includes('sms')) throw new AccountError('mfa.method_unavailable');
    await this.limits.checkLeft({ userId: user.id, purpose: CODE_PURPOSES[kind], by });
    const number = user.phoneNumber as PhoneNumber;
    await this.texts.sendOrRefuse(kind, { subjectId, user, number }, by);
  }
}
