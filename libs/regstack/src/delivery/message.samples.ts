import type { RegStackConfig } from '../config/regstack.config';
import type { MailKind, MailValues } from '../ports/mail.templates';
import type { CodeValues } from '../ports/sms.templates';

/** Made up, and as long as a real one. */
const TOKEN = 'dGhpcyBpcyBubyB0b2tlbiBvZiBhbnlib2R5LCBzb3JyeQ';

const OWNER = {
  when: '26 November 2026, 13:05 UTC',
  by: null,
  ip: '2001:db8:85a3::8a2e:370:7334',
  device: 'Samsung Internet on Android',
} as const;
const ADMIN = { when: OWNER.when, by: 'an administrator', ip: null, device: null } as const;
const APP = { ...ADMIN, by: 'the app itself' } as const;
const UNKNOWN = { ...OWNER, ip: null, device: 'an unknown device' } as const;
const FACTOR = { factor: 'codes by SMS to the number that ends in 78' } as const;

/** What each mail may show, in the ways that make it another one: for whoever looks at the templates. Nothing of it is of anybody. */
export function mailSamples({ baseUrl, uiPrefix }: RegStackConfig): {
  readonly [K in MailKind]: readonly MailValues[K][];
} {
  const home = `${new URL(baseUrl).origin}${uiPrefix}`;
  const link = (page: string, validFor = '24 hours') => ({
    link: `${home}/${page}?token=${TOKEN}`,
    validFor,
  });
  return {
    'registration-verify': [link('verify')],
    'registration-taken': [{ appUrl: baseUrl }],
    'registration-mailbox': [link('verify')],
    'account-verify': [link('verify')],
    'password-reset': [link('reset', '30 minutes')],
    'password-changed': [OWNER, APP, UNKNOWN],
    'account-deleted': [OWNER, ADMIN],
    'email-change-confirm': [link('confirm-email-change')],
    'email-change-taken': [{ appUrl: baseUrl }],
    'email-changed': [
      { ...OWNER, ...link('undo-email-change', '72 hours') },
      { ...OWNER, link: '', validFor: '72 hours' },
    ],
    'factor-added': [{ ...OWNER, factor: 'an authenticator app' }],
    'factor-removed': [{ ...OWNER, ...FACTOR }],
    'recovery-codes-replaced': [OWNER],
    'recovery-code-used': [
      { ...OWNER, left: 7 },
      { ...OWNER, left: 1 },
      { ...OWNER, left: 0 },
    ],
    'email-change-undone': [{ ...ADMIN, by: 'whoever reads mail at the earlier address' }],
    'email-restored': [link('reset', '30 minutes')],
    'account-disabled': [ADMIN],
    'account-enabled': [ADMIN],
    'admin-granted': [ADMIN],
    'admin-revoked': [ADMIN],
    'sessions-ended': [ADMIN, APP],
  };
}

/** What a text message may show. */
export const CODE_SAMPLE: CodeValues = { code: '048213', validFor: '5 minutes' };
