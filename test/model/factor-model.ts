import { Accounts } from './accounts';
import { type Code, noFactors, type Setup, type Wait } from './factors';
import { strangers } from './limits';
import { no, NO_SESSION, type Reply, type Session, type User, userReply } from './terms';

/** What people do with second factors. */
export class FactorModel extends Accounts {
  /** By no device that is known. */
  secondStep(wait: Wait | null, code: Code): Reply {
    const refusal = this.steps.confirm(wait, code, this.now);
    if (refusal) return refusal;
    const { user } = wait!;
    if (code.kind === 'recovery') this.tellUse(user);
    this.limits.release(strangers(user.email), this.now);
    this.open(user, null);
    return { status: 200 };
  }

  challenge(session: Session | null): Reply {
    if (!this.isOpen(session)) return NO_SESSION;
    return this.steps.challenge(session.user, this.now);
  }

  startSetup(session: Session | null, number: string | null, current: string, code: Code | null): Reply {
    const refusal = this.unproved(session, current, code);
    if (refusal) return refusal;
    this.steps.beginSetup(session!.user, number, this.now);
    return { status: number === null ? 200 : 202 };
  }

  /** @param codes of the set that comes with an app */
  confirmSetup(session: Session | null, setup: Setup | null, code: Code, codes: readonly string[]): Reply {
    if (!this.isOpen(session)) return NO_SESSION;
    const { user } = session;
    const refusal = this.steps.proveSetup(user, setup, code, this.now);
    if (refusal) return refusal;
    const epoch = user.epoch + 1;
    const former = user.factors.isOn ? user.factors : noFactors();
    const { number } = setup!;
    const lastStep = this.steps.stepOf(code.kind === 'app' ? code.steps : 0, this.now);
    const app = { app: { setup: setup!, lastStep, epoch }, recovery: { codes, epoch } };
    const added = number === null ? app : { phone: { number, epoch } };
    this.changeFactors(session, { ...former, ...added, isOn: true }, 'factor added');
    return number === null ? { status: 200 } : userReply(user);
  }

  remove(session: Session | null, factor: 'app' | 'phone', current: string, code: Code | null): Reply {
    const missing = ({ factors }: User) =>
      factors.isOn && factors[factor] ? null : no(400, 'mfa.not_enabled');
    const refusal = this.unproved(session, current, code, missing);
    if (refusal) return refusal;
    const left = { ...session!.user.factors, [factor]: null };
    const isLast = !left.app && !left.phone;
    this.changeFactors(session!, isLast ? noFactors() : left, 'factor removed');
    return { status: 200 };
  }

  newCodes(session: Session | null, current: string, code: Code | null, codes: readonly string[]): Reply {
    const refusal = this.unproved(session, current, code, ({ factors }) =>
      factors.isOn ? null : no(400, 'mfa.not_enabled'),
    );
    if (refusal) return refusal;
    const { factors, epoch } = session!.user;
    this.changeFactors(
      session!,
      { ...factors, recovery: { codes, epoch: epoch + 1 } },
      'recovery codes replaced',
    );
    return { status: 200 };
  }

  /** Somebody has set a factor on an account whose address nobody has proved. */
  plant(email: string, number: string): Reply {
    const user = this.userAt(email);
    if (!user || user.isVerified || !user.isActive) return { status: 404 };
    const phone = { number, epoch: user.epoch + 1 };
    this.change(user, { factors: { ...user.factors, phone, isOn: true } });
    return { status: 200 };
  }

  reauthenticate(session: Session | null, current: string, code: Code | null): Reply {
    return this.unproved(session, current, code) ?? { status: 200 };
  }
}
