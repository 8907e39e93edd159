import { randomInt } from 'node:crypto';
import type { Answer } from './answers';
import { type AppMember, Factors, type PhoneMember } from './factors';
import { type Head, type Member, outcome } from './scene';

/** Somebody with an app and a number. */
export type MemberWithBoth = AppMember & PhoneMember;

export const WRONG = [400, 'mfa.code_wrong'];
export const OVER = [400, 'mfa.challenge_expired'];
export const LOCKED = [429, 'mfa.locked'];
/** What `outcome` says of any success. */
export const DONE = [200, undefined];

/** Six digits that are none of these codes. */
export function wrongCode(...right: readonly string[]): string {
  const code = String(randomInt(10 ** 6)).padStart(6, '0');
  return right.includes(code) ? wrongCode(...right) : code;
}

/** What people do between the first step of a sign-in and the end of it. */
export class SecondSteps extends Factors {
  /** Enrols an app, then a number. */
  async enrolBoth(member: Member): Promise<MemberWithBoth> {
    const app = await this.enrolApp(member);
    const { number } = await this.enrolPhone(app, undefined, { code: this.code(app.secret) });
    this.scene.advance(30);
    return { ...app, number };
  }

  /** A code that the app shows neither now nor one step away. */
  wrongFor({ secret }: Pick<AppMember, 'secret'>): string {
    return wrongCode(...[-1, 0, 1].map((steps) => this.code(secret, steps)));
  }

  /** Another code by SMS. */
  resend(mfa_pending_token: string): Promise<Answer> {
    return this.scene.post('/login/mfa-resend', { mfa_pending_token });
  }

  /** What the second step of a new sign-in comes to. */
  async signInWith(member: Member, code: string, head?: Head): Promise<unknown[]> {
    return outcome(await this.confirm(await this.begin(member, head), code, {}, head));
  }

  /** Wrong codes for one sign-in with an app. */
  async guess(token: string, member: Pick<AppMember, 'secret'>, times: number): Promise<unknown[]> {
    const codes: unknown[] = [];
    for (let n = 0; n < times; n++) codes.push((await this.confirm(token, this.wrongFor(member))).json.code);
    return codes;
  }

  /** Uses up the wrong codes that an account has in an hour, over two sign-ins. */
  async spend(member: AppMember): Promise<void> {
    for (let n = 0; n < 2; n++) {
      const codes = await this.guess(await this.begin(member), member, 5);
      expect(codes).toEqual(Array.from(codes, () => 'mfa.code_wrong'));
    }
  }

  /** Sessions that somebody has. */
  async sessionsOf({ token }: Pick<Member, 'token'>): Promise<number> {
    return (await this.scene.get('/api/auth/sessions', { token })).json.items.length as number;
  }
}
