import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { InstalledFeatures } from '../services/installed-features';
import { MfaService } from '../services/mfa.service';

/** What there is here, so that no page leads to one that is not there. */
@Injectable()
export class PageOffer {
  constructor(
    private readonly config: RegStackConfig,
    private readonly features: InstalledFeatures,
    private readonly mfa: MfaService,
  ) {}

  /** By the name that views ask for. */
  values() {
    const { config, features } = this;
    const enrollable = features.has('mfa') ? this.mfa.enrollable : [];
    return {
      pages: config.enableUiRouter,
      login: features.has('login'),
      register: features.has('registration') && config.allowRegistration,
      resend: features.has('registration'),
      reset: features.has('password') && config.enablePasswordReset,
      change_password: features.has('password'),
      change_email: features.has('email-change'),
      profile: features.has('account'),
      delete: features.has('account') && config.enableAccountDeletion,
      sessions: features.has('sessions'),
      factors: features.has('mfa'),
      totp: enrollable.includes('totp'),
      sms: enrollable.includes('sms'),
      admin: features.has('admin') && config.enableAdminRouter,
    };
  }
}
