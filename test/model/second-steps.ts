import { type Code, methodsOf, type Setup, Texts, type Text, type Wait } from './factors';
import type { Limits } from './limits';
import { LOCKED_CODES, no, type Reply, RULES, type User } from './terms';

const WRONG = no(400, 'mfa.code_wrong');
const EXPIRED = no(400, 'mfa.challenge_expired');

/** Guesses at codes, and the texts that bring them, as P7 and section 2 want them. */
export class SecondSteps {
  readonly waits: Wait[] = [];
  readonly setups: Setup[] = [];
  private readonly liveSetups = new Set<Setup>();
  private readonly texts = new Texts();
  /** Of the last request. */
  sent: Text[] = [];

  /** @param start seconds of the clock of the app at 0 */
  constructor(
    private readonly limits: Limits,
    private readonly start: number,
  ) {}

  begin(user: User, now: number): void {
    const wait: Wait = { user, epoch: user.epoch, endsAt: now + RULES.waitTtl, guesses: 0, isOver: false };
    this.waits.push(wait);
    const [delivery] = methodsOf(user);
    if (delivery === 'sms' && !this.isSpent(user, now))
      this.text(wait, user, user.factors.phone!.number, now);
  }

  /** Null where the sign-in is proved and over. */
  confirm(wait: Wait | null, code: Code, now: number): Reply | null {
    if (!wait || !isLive(wait, now)) return EXPIRED;
    return this.guess(wait.user, now, () => {
      wait.guesses += 1;
      if (!this.isRight(wait.user, wait, code, now)) return WRONG;
      wait.isOver = true;
      return null;
    });
  }

  resend(wait: Wait | null, now: number): Reply {
    if (!wait || !isLive(wait, now)) return EXPIRED;
    return this.askForText(wait.user, wait, now);
  }

  challenge = (user: User, now: number): Reply => this.askForText(user, user, now);

  /** Null where the code proves a factor of somebody who has one. */
  prove(user: User, code: Code | null, now: number): Reply | null {
    if (!user.factors.isOn) return null;
    if (code === null) return no(403, 'mfa.proof_required');
    return this.guess(user, now, () => (this.isRight(user, user, code, now) ? null : WRONG));
  }

  beginSetup(user: User, number: string | null, now: number): void {
    const ttl = number === null ? RULES.waitTtl : RULES.codeTtl;
    const setup: Setup = { user, number, epoch: user.epoch, endsAt: now + ttl, guesses: 0 };
    this.setups.push(setup);
    if (number !== null && !this.text(setup, user, number, now)) return;
    for (const one of this.liveSetups)
      if (one.user === user && (one.number === null) === (number === null)) this.liveSetups.delete(one);
    this.liveSetups.add(setup);
  }

  /** The time step of the code, or true, where it proves what is set up; or the refusal. */
  proveSetup(user: User, setup: Setup | null, code: Code, now: number): Reply | null {
    const isMeant = setup !== null && this.liveSetups.has(setup) && setup.user === user;
    if (!isMeant || setup.endsAt <= now || setup.epoch !== user.epoch || isSpent(setup)) return EXPIRED;
    return this.guess(user, now, () => {
      setup.guesses += 1;
      const isRight =
        setup.number === null
          ? code.kind === 'app' && Math.abs(code.steps) <= 1
          : this.texts.isRight(setup, code, now);
      return isRight ? null : WRONG;
    });
  }

  stepOf = (steps: number, now: number): number => Math.floor((this.start + now) / RULES.step) + steps;

  /** Null: nothing against it, and it was not counted in the end. */
  private guess(user: User, now: number, compare: () => Reply | null): Reply | null {
    const bucket = codesOf(user);
    if (!this.limits.mayGuessCode(bucket, now)) return LOCKED_CODES;
    const refusal = compare();
    if (refusal !== WRONG) this.limits.giveBack(bucket);
    return refusal;
  }

  private isRight(user: User, about: Text['about'], code: Code, now: number): boolean {
    const { app, phone, recovery } = user.factors;
    if (code.kind === 'recovery') {
      const isThere = recovery.codes.includes(code.code);
      user.factors.recovery = { ...recovery, codes: recovery.codes.filter((one) => one !== code.code) };
      return isThere;
    }
    if (app && code.kind === 'app' && Math.abs(code.steps) <= 1) {
      const step = this.stepOf(code.steps, now);
      if (step > app.lastStep) {
        app.lastStep = step;
        return true;
      }
    }
    return phone !== null && this.texts.isRight(about, code, now);
  }

  private askForText(user: User, about: Text['about'], now: number): Reply {
    if (!user.factors.isOn || !user.factors.phone) return no(400, 'mfa.method_unavailable');
    if (this.isSpent(user, now)) return LOCKED_CODES;
    return this.text(about, user, user.factors.phone.number, now) ? { status: 202 } : no(429, 'sms.limited');
  }

  private text(about: Text['about'], user: User, to: string, now: number): boolean {
    if (!this.limits.mayText(to, user.id, now)) return false;
    const endsAt = now + RULES.codeTtl;
    this.sent.push(this.texts.send({ to, about, user, epoch: user.epoch, endsAt }));
    return true;
  }

  private isSpent = (user: User, now: number): boolean => this.limits.isSpentOnCodes(codesOf(user), now);
}

const codesOf = ({ id }: User): string => `codes ${id}`;

const isSpent = ({ guesses }: Wait | Setup): boolean => guesses >= RULES.guessesPerCode;

const isLive = (wait: Wait, now: number): boolean =>
  !wait.isOver && wait.endsAt > now && !isSpent(wait) && wait.user.isActive && wait.user.epoch === wait.epoch;
