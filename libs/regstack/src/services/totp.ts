import { Injectable } from '@nestjs/common';
import { toString as qrCode } from 'qrcode';
import { RegStackConfig } from '../config/regstack.config';
import { Clock } from '../kernel/clock';
import { type CredentialRecord, UserRepository } from '../ports/user.repository';
import { withoutBlanks } from '../kernel/text';
import { SecretCipher } from './secret.cipher';

/** Seconds of a time step, and how far the clock of an app may be off: one step either way (RFC 6238 sections 4.1, 5.2). */
const STEP_SECONDS = 30;

const CODE = /^\d{6}$/;

/** Loaded when somebody needs it: jest on Node 20 can load it only where the host has it transformed. */
const otplib = () => import('otplib');

/** Time-based one-time passwords (RFC 6238: SHA-1, six digits, thirty seconds, as every app reads them). */
@Injectable()
export class Totp {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly cipher: SecretCipher,
    private readonly users: UserRepository,
  ) {}

  /** A new secret of 160 bits, in base32 (RFC 4226 section 4). */
  async newSecret(): Promise<string> {
    return (await otplib()).generateSecret();
  }

  /** What an app reads from a QR code. */
  async uri(secret: string, email: string): Promise<string> {
    // A colon ends the issuer: what comes after it would be taken for the user.
    const issuer = this.config.appName.replace(/\s*:\s*/g, ' ').trim();
    return (await otplib()).generateURI({ issuer, label: email, secret });
  }

  /** The same as a picture. */
  qrSvg(uri: string): Promise<string> {
    return qrCode(uri, { type: 'svg', errorCorrectionLevel: 'M' });
  }

  /** The secret as it is stored, for one user. */
  seal(secret: string, userId: string): string {
    return this.cipher.seal('totp', secret, userId);
  }

  /** Whether the key is still there that a secret was encrypted with. */
  canOpen(sealedSecret: string): boolean {
    return this.cipher.hasKeyOf('totp', sealedSecret);
  }

  /**
   * The secret again.
   * @throws Error when the key that it was encrypted with is gone
   */
  open(sealedSecret: string, userId: string): string {
    return this.cipher.open('totp', sealedSecret, userId);
  }

  /**
   * The same secret encrypted anew, under the key that encrypts now.
   * @throws Error when the key that it was encrypted with is gone
   */
  reseal(sealedSecret: string, userId: string): string {
    return this.seal(this.open(sealedSecret, userId), userId);
  }

  /**
   * The time step that a code is of, around now; null for a wrong one. Whether that step was used already, the store decides.
   * @throws Error when the key that the secret was encrypted with is gone
   */
  async stepOf(sealedSecret: string, userId: string, code: string): Promise<number | null> {
    const digits = withoutBlanks(code);
    if (!CODE.test(digits)) return null;
    const { verifySync } = await otplib();
    const secret = this.open(sealedSecret, userId);
    const epoch = Math.floor(this.clock.now().getTime() / 1000);
    const result = verifySync({ secret, token: digits, epoch, epochTolerance: STEP_SECONDS });
    return result.valid ? Math.floor(epoch / STEP_SECONDS) + result.delta : null;
  }

  /** Uses a code up: true for exactly one of any number of calls with codes of one time step or an earlier one, whatever each is for. */
  async use({ id, authEpoch, totp }: CredentialRecord, code: string): Promise<boolean> {
    const step = totp && (await this.stepOf(totp.sealedSecret, id, code));
    return step !== null && this.users.useTotpStep(id, authEpoch, step);
  }
}
