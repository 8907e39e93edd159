import type { Check } from '../check';
import { baseUrl } from './base-url.check';
import { boot, database } from './boot.check';
import { clock } from './clock.check';
import { configuration } from './configuration.check';
import { fileModes } from './file-modes.check';
import { git } from './git.check';
import { keys } from './keys.check';
import { dmarc, mx, spf } from './mail-domain.check';
import { mail } from './mail.check';
import { proxies } from './proxies.check';
import { schema } from './schema.check';
import { secret } from './secret.check';
import { secretsApart } from './secrets-apart.check';
import { sms } from './sms.check';
import { testMail } from './test-mail.check';

/** Every check, in the order in which they are told. */
export const CHECKS: readonly Check[] = [
  configuration,
  secret,
  secretsApart,
  fileModes,
  git,
  baseUrl,
  proxies,
  boot,
  database,
  schema,
  keys,
  clock,
  mail,
  sms,
  mx,
  spf,
  dmarc,
  testMail,
];
