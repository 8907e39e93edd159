import { randomInt } from 'node:crypto';
import { generateSync } from 'otplib';
import type { Answer } from './answers';
import type { Head, Member, Scene } from './scene';

/** A number that nobody used yet. */
export const aNumber = (): string => `+49151${String(randomInt(10 ** 8)).padStart(8, '0')}`;

/** Somebody with an authenticator app. */
export interface AppMember extends Member {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** Somebody who gets codes by SMS. */
export interface PhoneMember extends Member {
  readonly number: string;
}

/** What people do with second factors on a scene. */
export class Factors {
  constructor(protected readonly scene: Scene) {}

  /** The code that an authenticator app shows now, or so many steps from now. */
  code(secret: string, steps = 0): string {
    const epoch = Math.floor(this.scene.stage.clock.now().getTime() / 1000) + steps * 30;
    return generateSync({ secret, epoch });
  }

  /** All texts to a number so far, oldest first, once everything that was stored has been sent. */
  async textsTo(number: string): Promise<readonly string[]> {
    await this.scene.stage.quiet();
    return this.scene.stage.sms.sent.filter(({ to }) => to === number).map(({ text }) => text);
  }

  /** The code in the last text to a number. */
  async codeTo(number: string): Promise<string> {
    const code = /\b\d{6,10}\b/.exec((await this.textsTo(number)).at(-1) ?? '')?.[0];
    if (code === undefined) throw new Error(`no text to ${number} has a code`);
    return code;
  }

  /** Enrols an app for somebody signed in. The clock moves on by a step, so that the next code is another one. */
  async enrolApp(member: Member, proof: Readonly<Record<string, string>> = {}): Promise<AppMember> {
    const body = { current_password: member.password, ...proof };
    const { json: setup } = await this.scene.post('/mfa/totp/start', body, { token: member.token });
    const { secret, pending_token } = setup as { secret: string; pending_token: string };
    const confirm = { pending_token, code: this.code(secret) };
    const { status, json, text } = await this.scene.post('/mfa/totp/confirm', confirm, {
      token: member.token,
    });
    if (status !== 200) throw new Error(`the app was refused: ${text}`);
    this.scene.advance(30);
    return { ...member, secret, recoveryCodes: json.recovery_codes as string[] };
  }

  /** Enrols a number for somebody signed in. */
  async enrolPhone(
    member: Member,
    number = aNumber(),
    proof: Readonly<Record<string, string>> = {},
  ): Promise<PhoneMember> {
    const body = { phone_number: number, current_password: member.password, ...proof };
    const { json } = await this.scene.post('/phone/start', body, { token: member.token });
    const confirm = { pending_token: json.pending_token as string, code: await this.codeTo(number) };
    const { status, text } = await this.scene.post('/phone/confirm', confirm, { token: member.token });
    if (status !== 200) throw new Error(`the number was refused: ${text}`);
    return { ...member, number };
  }

  /** The first step of a sign-in that waits for the second; answers its token. */
  async begin({ email, password }: Member, head?: Head): Promise<string> {
    const { json, text } = await this.scene.login(email, password, head);
    if (json.mfa_pending_token === undefined) throw new Error(`no second step: ${text}`);
    return json.mfa_pending_token as string;
  }

  /** The second step. */
  confirm(mfa_pending_token: string, code: string, more: object = {}, head?: Head): Promise<Answer> {
    return this.scene.post('/login/mfa-confirm', { mfa_pending_token, code, ...more }, head);
  }
}
