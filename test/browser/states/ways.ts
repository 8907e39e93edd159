import { PASSWORD, someone } from '../../support/demo';
import { appCode } from '../../support/second-factor';
import type { Lane } from '../lane';
import type { Visitor } from '../visitor';

/** Leads somebody to a page in one of its states. */
export type Way = (visitor: Visitor) => Promise<unknown>;

/** Ways by the names of the states that they lead to. A name with `error` in it is one of a form that was refused. */
export type Ways = Readonly<Record<string, Way>>;

/** Nobody's password. */
export const WRONG = 'not-the-one-0815-at-all';

/** What many ways begin with. */
export class Beginnings {
  constructor(readonly lane: Lane) {}

  /** Somebody signed in, and the token of another session of theirs. */
  member = async (visitor: Visitor): Promise<{ email: string; token: string }> => {
    const member = await this.lane.member();
    await visitor.signIn(member.email, PASSWORD);
    return member;
  };

  /** Somebody who has registered and not confirmed. */
  registered = async (): Promise<string> => {
    const email = someone();
    await this.lane.demo.call('POST', '/register', { email, password: PASSWORD });
    return email;
  };

  /** Somebody with an app, signed in; answers a code that is good once more. */
  withApp = async (visitor: Visitor, member = this.lane.member()): Promise<string> => {
    const { email, token } = await member;
    const { secret, codes } = await this.lane.withApp({ token });
    await visitor.signIn(email, PASSWORD);
    await visitor.press('Sign in', { code: appCode(secret, 1) });
    return codes[0]!;
  };

  /** Somebody with a phone number, signed in; answers the number. */
  withPhone = async (visitor: Visitor): Promise<string> => {
    const member = await this.lane.member();
    const number = await this.lane.withPhone(member);
    await visitor.signIn(member.email, PASSWORD);
    await visitor.press('Sign in', { code: await this.lane.sms.codeTo(number, 2) });
    return number;
  };

  /** An admin, signed in. */
  admin = (visitor: Visitor): Promise<string> => this.withApp(visitor, this.lane.admin());
}
