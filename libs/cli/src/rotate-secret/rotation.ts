import { randomBytes } from 'node:crypto';
import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { type KeyReport, KeyRotation, RegStackConfig } from '@regstack/nestjs';
import type { AppOptions } from '../app/app-options';
import { Refusal } from '../refusal';
import { Terminal } from '../terminal';
import { needOf, reported } from '../keys/key-uses';
import { announce, switchTo, without } from '../keys/secrets';
import { SecretsFile } from './secrets-file';

/** The steps of a change of the secret. Each of them writes the secrets file once, or not at all. */
@Injectable()
export class Rotation {
  constructor(private readonly terminal: Terminal) {}

  /** A new secret, or the one that was announced, signs from now on. */
  rotate(options: AppOptions, app: INestApplicationContext): void {
    const file = fileOf(options, app);
    file.save(switchTo(file.secrets.announced ?? freshSecret(), file.secrets));
    this.terminal.say(`${file.path}: a new jwt_secret; the one before is the first of jwt_previous_secrets`);
  }

  /** A new secret is verified from now on. */
  announce(options: AppOptions, app: INestApplicationContext): void {
    const file = fileOf(options, app);
    if (file.secrets.announced === null) file.save(announce(file.secrets, freshSecret()));
    this.terminal.say(`${file.path}: a new secret is announced, as the first of jwt_previous_secrets
Next: restart every process, so that each of them knows it, then run
  regstack rotate-secret --step switch`);
  }

  /** The announced secret signs from now on. */
  switch(options: AppOptions, app: INestApplicationContext): void {
    const file = fileOf(options, app);
    const { announced } = file.secrets;
    if (announced === null) {
      throw new Refusal(
        'no secret is announced: begin with regstack rotate-secret --step announce; after a switch go on with --step reencrypt',
      );
    }
    file.save(switchTo(announced, file.secrets));
    this.terminal
      .say(`${file.path}: the announced secret is jwt_secret now; the one before is the first of jwt_previous_secrets
Next: restart every process, then run
  regstack rotate-secret --step reencrypt`);
  }

  /** What is encrypted with a former secret is encrypted with the current one. */
  async reencrypt(app: INestApplicationContext): Promise<void> {
    const { authenticatorApps, messages, unreadable } = await app
      .get(KeyRotation)
      .reencrypt((done, total) => this.terminal.progress('encrypting anew', done, total));
    this.terminal.say(
      `encrypted anew: ${authenticatorApps} secret(s) of authenticator apps, ${messages} message(s)`,
    );
    if (unreadable === 0) return;
    throw new Refusal(
      `${unreadable} text(s) cannot be read by their key and stay as they are: somebody has changed them in the database`,
    );
  }

  /** Former secrets that nothing stored needs go. */
  async drop(options: AppOptions, app: INestApplicationContext): Promise<void> {
    const file = fileOf(options, app);
    const needs = needsOf(app.get(RegStackConfig), await app.get(KeyRotation).report());
    const gone = new Set(file.secrets.former.filter((one) => needs.get(one) === null));
    if (gone.size > 0) file.save(without(gone, file.secrets));
    this.terminal.say(`${file.path}: ${gone.size} former secret(s) are gone`);
    if (gone.size > 0) this.terminal.say('Next: restart every process');
    const kept = file.secrets.former.filter((one) => !gone.has(one));
    if (kept.length === 0) return;
    throw new Refusal(`${kept.map((one, at) => keptLine(at, needs.get(one))).join('\n')}
To end what needs one all the same, as after a leak, take it out of ${file.path} by hand, and restart every process`);
  }
}

function fileOf(options: AppOptions, app: INestApplicationContext): SecretsFile {
  return SecretsFile.of(options, app.get(RegStackConfig));
}

/** Why each former secret is needed; null: it is not. */
function needsOf(config: RegStackConfig, report: KeyReport): ReadonlyMap<string, string | null> {
  return new Map(reported(config).map((secret, at) => [secret, needOf(report.secrets[at]!, report)]));
}

function keptLine(at: number, need: string | null | undefined): string {
  return `former secret ${at + 1} is kept: ${need}`;
}

function freshSecret(): string {
  return randomBytes(48).toString('base64url');
}
