import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { InstanceName } from './instance-name';

const PURPOSES = [
  'session',
  'session-cookie',
  'device',
  'outbox',
  'budget',
  'cursor',
  'form',
  'audit',
  'audit-iv',
  'sms-code',
  'totp',
  'recovery-code',
] as const;

/** What a derived key is for. A key of one purpose is useless for another (ASVS 11.2.2, R53). */
export type KeyPurpose = (typeof PURPOSES)[number];

/** A derived key with the id that everything made with it carries. */
export interface Key {
  /** Names the secret, tells nothing about it. */
  readonly kid: string;
  /** 256 bits. */
  readonly key: KeyObject;
}

/**
 * The keys of one instance: from `jwt_secret` and each former secret, one per purpose, by HKDF-SHA-256 (RFC 5869). The current
 * secret signs and encrypts; former ones only verify and decrypt. Made once, at boot.
 */
@Injectable()
export class KeyRing {
  private readonly keys: ReadonlyMap<KeyPurpose, readonly Key[]>;

  constructor(config: RegStackConfig, name: InstanceName) {
    const secrets = [config.jwtSecret, ...config.jwtPreviousSecrets];
    const derived = (purpose: KeyPurpose): readonly Key[] =>
      secrets.map((secret) => derive(secret, purpose, name.value));
    this.keys = new Map(PURPOSES.map((purpose) => [purpose, derived(purpose)]));
  }

  /** The key that signs and encrypts now. */
  current(purpose: KeyPurpose): Key {
    return this.keys.get(purpose)![0]!;
  }

  /** The current key, then those of former secrets. */
  all(purpose: KeyPurpose): readonly Key[] {
    return this.keys.get(purpose)!;
  }

  /** The key with this id, current or former, or null. */
  find(purpose: KeyPurpose, kid: unknown): Key | null {
    return this.keys.get(purpose)!.find((one) => one.kid === kid) ?? null;
  }
}

function derive(secret: string, purpose: KeyPurpose, instance: string): Key {
  const bits = (info: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, 'regstack', info, length));
  const kid = createHash('sha256').update(bits('kid', 32)).digest('base64url').slice(0, 11);
  return { kid, key: createSecretKey(bits(`${instance}/${purpose}`, 32)) };
}
