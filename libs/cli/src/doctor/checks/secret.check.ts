import { basename } from 'node:path';
import { checkOfConfig } from '../check';
import { fail, pass } from '../../findings/finding';
import { weaknessOf } from '../secret-strength';

/** Nobody can guess the secret. */
export const secret = checkOfConfig('secret', ({ jwtSecret, jwtPreviousSecrets }, { files }) => {
  const weakness = weaknessOf(jwtSecret);
  const file = basename(files.secrets ?? 'regstack.secrets.env');
  if (weakness !== null) {
    return fail(
      `jwt_secret ${weakness}: whoever guesses it signs in as anybody`,
      `set REGSTACK_JWT_SECRET in ${file} to what this prints (everybody has to sign in again): openssl rand -base64 48`,
    );
  }
  const weak = jwtPreviousSecrets.findIndex((one) => weaknessOf(one) !== null);
  if (weak < 0) return pass('looks like chance');
  return fail(
    `entry ${weak + 1} of jwt_previous_secrets ${weaknessOf(jwtPreviousSecrets[weak]!)}, and still signs people in`,
    `remove entry ${weak + 1} of jwt_previous_secrets`,
  );
});
