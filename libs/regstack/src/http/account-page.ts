import { Injectable } from '@nestjs/common';
import type { Authentication } from '../services/session-authenticator';
import { MfaService } from '../services/mfa.service';
import type { PageValues } from '../ui/page.renderer';
import type { FormPage } from './form-pages';

/** What somebody signed in can do on their page: each section has one form, or several, and a path of its own. */
export type AccountSection = 'profile' | 'change-email' | 'change-password' | 'factors' | 'delete';

/** The page of who is signed in. Its sections belong to several features, whose faces show it with theirs open. */
@Injectable()
export class AccountPage {
  constructor(private readonly mfa: MfaService) {}

  /**
   * The page with this section open; null: with all of them closed.
   * @param caller whose page it is
   */
  at(open: AccountSection | null, caller: Authentication): FormPage {
    return { view: 'account/me', values: async () => ({ open, ...(await this.about(caller)) }) };
  }

  /** What pages show of the caller besides, and what they have to prove themselves by. */
  async about({ user }: Authentication): Promise<PageValues> {
    const { factors, recoveryCodesLeft, isRequired } = await this.mfa.stateOf(user.id);
    return {
      phone_number: user.phoneNumber,
      has_totp: factors.includes('totp'),
      has_sms: factors.includes('sms'),
      has_factor: factors.length > 0,
      recovery_codes_left: recoveryCodesLeft,
      factor_required: isRequired,
    };
  }
}
