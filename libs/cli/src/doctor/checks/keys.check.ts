import { readFileSync } from 'node:fs';
import {
  type KeyReport,
  KeyRotation,
  type RegStackConfig,
  Schema,
  type SecretReport,
  type StoredUnderKey,
} from '@regstack/nestjs';
import { checkOfApp } from '../check';
import { fail, type Finding, pass, skip, warn } from '../../findings/finding';
import { reported } from '../../keys/key-uses';
import { secretsIn } from '../../keys/secrets-text';

/** What is stored can be read, and no former secret is kept without need. */
export const keys = checkOfApp('keys', async (app, { config, files }) => {
  if ((await app.get(Schema).pending()).length > 0) return skip('needs a schema that is up to date');
  const report = await app.get(KeyRotation).report();
  const announced = announcedEntry(config!, files.secrets);
  const of = (secret: SecretReport, entry: number): Finding[] =>
    entry === announced ? [next(entry)] : former(secret, entry);
  const findings = [...missing(report.missing), ...report.secrets.flatMap(of)];
  return findings.length === 0 ? pass('one secret, and nothing stored needs another') : findings;
});

function missing(rows: KeyReport['missing']): Finding[] {
  if (!isNeeded(rows)) return [];
  return [
    fail(
      `${needsOf(rows)} need a secret that is not there`,
      'add the former jwt_secret to jwt_previous_secrets (REGSTACK_JWT_PREVIOUS_SECRETS in regstack.secrets.env)',
    ),
  ];
}

/** The entry that signs nothing yet, and that nothing stored needs before it does; -1: none. */
function announcedEntry(config: RegStackConfig, file: string | null): number {
  const announced = file === null ? null : secretsIn(readFileSync(file, 'utf8'))?.announced;
  return announced ? reported(config).indexOf(announced) : -1;
}

function next(entry: number): Finding {
  return pass(
    `entry ${entry} of jwt_previous_secrets is announced: npx regstack rotate-secret --step switch comes next`,
  );
}

/** Entry 1 is the first of `jwt_previous_secrets`; entry 0 would be the current one. */
function former(secret: SecretReport, entry: number): Finding[] {
  if (secret.isCurrent) return [];
  const name = `entry ${entry} of jwt_previous_secrets`;
  if (secret.mayGo) {
    return [
      warn(`${name} may go: nothing stored needs it`, `remove ${name}: what it has signed ends with it`),
    ];
  }
  return [
    pass(
      isNeeded(secret)
        ? `${name} is needed by ${needsOf(secret)}`
        : `${name} may be needed by recovery codes of an earlier version`,
    ),
  ];
}

function isNeeded({ authenticatorApps, messages, recoveryCodeSets }: StoredUnderKey): boolean {
  return authenticatorApps + messages + recoveryCodeSets > 0;
}

function needsOf({ authenticatorApps, messages, recoveryCodeSets }: StoredUnderKey): string {
  const counts = [
    [authenticatorApps, 'authenticator apps'],
    [messages, 'waiting messages'],
    [recoveryCodeSets, 'sets of recovery codes'],
  ] as const;
  return counts
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`)
    .join(', ');
}
