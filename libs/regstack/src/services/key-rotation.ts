import { Injectable } from '@nestjs/common';
import {
  type KeyUse,
  KeyUseRepository,
  type SealedPurpose,
  type SealedText,
  type StoredPurpose,
} from '../ports/key-use.repository';
import { KeyRing } from './key-ring';
import { SecretCipher } from './secret.cipher';

/** How much of what is stored needs a key. */
export interface StoredUnderKey {
  /** Users whose app has its secret encrypted with it. */
  readonly authenticatorApps: number;
  /** Messages that are encrypted with it and were not sent, dead letters included: an admin may send them again. */
  readonly messages: number;
  /** Users with recovery codes that were hashed with it. Nobody can put these under another key: they end with it. */
  readonly recoveryCodeSets: number;
}

/** What a secret is needed for. */
export interface SecretReport extends StoredUnderKey {
  /** Names the secret, tells nothing about it. */
  readonly kid: string;
  /** It is `jwt_secret`; the others are of `jwt_previous_secrets`. */
  readonly isCurrent: boolean;
  /**
   * It may be left out, as far as the database tells: nothing stored needs it. What was signed with it ends all the same: sessions, known and
   * trusted devices; and the audit log shows ids from its time no more.
   */
  readonly mayGo: boolean;
}

/** What of the database needs which secret. */
export interface KeyReport {
  /** The current one, then the former ones in their order, each once. */
  readonly secrets: readonly SecretReport[];
  /** What needs a key that is of none of them. */
  readonly missing: StoredUnderKey;
  /** Users with recovery codes of a version that did not note their key. While there are any, no former secret may go. */
  readonly unknownRecoveryCodeSets: number;
}

/** What one call has encrypted anew. */
export interface Reencrypted {
  readonly authenticatorApps: number;
  readonly messages: number;
  /** Texts that their key does not open, since somebody has changed them. They stay as they are. */
  readonly unreadable: number;
}

/** Texts that are read, and encrypted anew, at a time. */
const PAGE = 50;

/** What is left of former secrets in the database, and how it comes under the current one. */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly keys: KeyRing,
    private readonly cipher: SecretCipher,
    private readonly uses: KeyUseRepository,
  ) {}

  /** What of the database needs which secret. Changes nothing; is no snapshot of a database that is being written. */
  async report(): Promise<KeyReport> {
    const [apps, messages, sets] = [
      await this.uses.count('totp'),
      await this.uses.count('outbox'),
      await this.uses.count('recovery-code'),
    ];
    const under = (isMeant: (keyId: string | null) => boolean): StoredUnderKey => ({
      authenticatorApps: rowsOf(apps, isMeant),
      messages: rowsOf(messages, isMeant),
      recoveryCodeSets: rowsOf(sets, isMeant),
    });
    const unknownRecoveryCodeSets = rowsOf(sets, (keyId) => keyId === null);
    const secrets = this.kids().map((kid, index) => {
      const stored = under((keyId) => keyId === kid);
      const isNeeded = unknownRecoveryCodeSets > 0 || Object.values(stored).some((rows) => rows > 0);
      return { kid, isCurrent: index === 0, ...stored, mayGo: index > 0 && !isNeeded };
    });
    const known: ReadonlySet<string | null> = new Set([...this.kids(), null]);
    return { secrets, missing: under((keyId) => !known.has(keyId)), unknownRecoveryCodeSets };
  }

  /**
   * Encrypts anew under the current secret what is encrypted under a former one: secrets of authenticator apps, and messages that were not
   * sent. Each by a write of its own that loses to whatever changes the same text meanwhile, so it may be interrupted, begun again, and
   * run by several at once, while the app works. Only once every process of the app has this secret, as the current one or a former one:
   * one that has not could read none of it any more.
   *
   * @param onProgress is told how many were looked at, of how many there were at the beginning
   */
  async reencrypt(onProgress: (done: number, total: number) => void = () => {}): Promise<Reencrypted> {
    const total = (await this.encrypted('totp')) + (await this.encrypted('outbox'));
    let done = 0;
    const advance = (texts: number): void => {
      done += texts;
      onProgress(Math.min(done, total), total);
    };
    advance(0);
    const apps = await this.renewAll('totp', advance);
    const messages = await this.renewAll('outbox', advance);
    // What others were faster with was not seen here.
    if (done < total) advance(total - done);
    const unreadable = apps.unreadable + messages.unreadable;
    return { authenticatorApps: apps.renewed, messages: messages.renewed, unreadable };
  }

  private async renewAll(purpose: SealedPurpose, advance: (texts: number) => void): Promise<Renewal> {
    const all = { renewed: 0, unreadable: 0 };
    for (const kid of this.kids().slice(1)) {
      let before: string | null = null;
      do {
        const page = await this.uses.findSealed(purpose, kid, { before, limit: PAGE });
        const outcomes = await Promise.all(page.map((one) => this.renew(purpose, one)));
        all.renewed += outcomes.filter((one) => one === 'renewed').length;
        all.unreadable += outcomes.filter((one) => one === 'unreadable').length;
        if (page.length > 0) advance(page.length);
        before = page.length === PAGE ? page.at(-1)!.id : null;
      } while (before !== null);
    }
    return all;
  }

  private async renew(purpose: SealedPurpose, { id, text }: SealedText): Promise<Outcome> {
    const plaintext = this.read(purpose, id, text);
    if (plaintext === null) return 'unreadable';
    const renewed = this.cipher.seal(purpose, plaintext, id);
    return (await this.uses.reseal(purpose, id, text, renewed)) ? 'renewed' : 'changed';
  }

  private read(purpose: SealedPurpose, id: string, text: string): string | null {
    try {
      return this.cipher.open(purpose, text, id);
    } catch {
      return null;
    }
  }

  private async encrypted(purpose: StoredPurpose): Promise<number> {
    const former: ReadonlySet<string | null> = new Set(this.kids().slice(1));
    return rowsOf(await this.uses.count(purpose), (keyId) => former.has(keyId));
  }

  /** The id of a key names its secret, so it is the same for every purpose. */
  private kids(): readonly string[] {
    return [...new Set(this.keys.all('totp').map(({ kid }) => kid))];
  }
}

interface Renewal {
  readonly renewed: number;
  readonly unreadable: number;
}

type Outcome = 'renewed' | 'changed' | 'unreadable';

function rowsOf(uses: readonly KeyUse[], isMeant: (keyId: string | null) => boolean): number {
  return uses.filter(({ keyId }) => isMeant(keyId)).reduce((sum, { rows }) => sum + rows, 0);
}
