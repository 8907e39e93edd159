import { readFileSync, realpathSync } from 'node:fs';
import type { RegStackConfig } from '@regstack/nestjs';
import { appFiles, SECRETS_FILE } from '../app/app-files';
import type { AppOptions } from '../app/app-options';
import { replacePrivately } from '../files/replace-privately';
import { Refusal } from '../refusal';
import { previousOf, type Secrets } from '../keys/secrets';
import { secretsIn, withSecrets } from '../keys/secrets-text';

const VARIABLES = ['REGSTACK_JWT_SECRET', 'REGSTACK_JWT_PREVIOUS_SECRETS'];

/** The secrets file of an app, whose secrets are the ones that the app goes by. */
export class SecretsFile {
  private constructor(
    readonly path: string,
    private readonly text: string,
    readonly secrets: Secrets,
  ) {}

  /**
   * Finds and reads it.
   * @param config of the app as it was booted
   * @throws Refusal with the steps to take by hand where the secrets of the app come from elsewhere
   */
  static of(options: AppOptions, config: RegStackConfig): SecretsFile {
    const set = VARIABLES.find((one) => process.env[one] !== undefined);
    if (set !== undefined) throw byHand(`${set} is set in the environment, which wins over the secrets file`);
    const file = appFiles(options).secrets;
    if (file === null) throw byHand(`there is no ${SECRETS_FILE} beside regstack.toml`);
    // A link to it stays one.
    const path = realpathSync(file);
    const text = readFileSync(path, 'utf8');
    const secrets = secretsIn(text);
    if (!secrets || !isOf(config, secrets)) throw byHand(`the secrets of this app do not come from ${path}`);
    return new SecretsFile(path, text, secrets);
  }

  /**
   * Writes other secrets into it, and leaves all else as it is.
   * @throws Refusal where the file was changed since it was read, or cannot say these secrets
   */
  save(secrets: Secrets): void {
    const text = withSecrets(this.text, secrets);
    if (JSON.stringify(secretsIn(text)) !== JSON.stringify(secrets)) {
      throw new Refusal(`${this.path} cannot hold one of these secrets; nothing was written`);
    }
    replacePrivately(this.path, this.text, text);
  }
}

function isOf({ jwtSecret, jwtPreviousSecrets }: RegStackConfig, secrets: Secrets): boolean {
  const previous = previousOf(secrets);
  return (
    jwtSecret === secrets.current &&
    jwtPreviousSecrets.length === previous.length &&
    jwtPreviousSecrets.every((one) => previous.includes(one))
  );
}

function byHand(reason: string): Refusal {
  return new Refusal(`${reason}; this command writes no other place than ${SECRETS_FILE}. By hand:
  1. make a secret: openssl rand -base64 48
  2. set jwt_secret (REGSTACK_JWT_SECRET) to it, and put the one before first into jwt_previous_secrets (REGSTACK_JWT_PREVIOUS_SECRETS)
  3. restart the app; several processes that restart one after another first learn the new one, see "Changing the secret" in docs/security.md
  4. regstack rotate-secret --step reencrypt
  5. once regstack doctor tells that a former secret may go, take it out, and restart`);
}
