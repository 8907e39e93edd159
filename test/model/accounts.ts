import { type Code, noFactors } from './factors';
import { deviceBucket, Limits, strangers } from './limits';
import { Links } from './links';
import { SecondSteps } from './second-steps';
import {
  type Attempt,
  type Device,
  epochOf,
  type Link,
  type LinkKind,
  LOCKED,
  type Mail,
  type MailKind,
  no,
  NO_SESSION,
  type Reply,
  RULES,
  type Session,
  type User,
} from './terms';

/** The accounts as they are, and the rules that several requests have in common. */
export class Accounts {
  /** Seconds since the beginning. */
  now = 0;
  /** Of the last request. */
  mails: Mail[] = [];
  readonly sessions: Session[] = [];
  protected users: User[] = [];
  protected attempts: Attempt[] = [];
  protected readonly links = new Links();
  protected readonly limits = new Limits();
  readonly steps: SecondSteps;

  /** @param start seconds of the clock at 0 */
  constructor(start = 0) {
    this.steps = new SecondSteps(this.limits, start);
  }

  /** The password of whoever has this address. */
  passwordOf = (email: string): string | null => this.userAt(email)?.password ?? null;

  /** That live. */
  protected attemptsOn = (email: string): Attempt[] =>
    this.attempts.filter((one) => one.email === email && one.endsAt > this.now);

  protected userAt = (email: string): User | undefined => this.users.find((user) => user.email === email);

  /** An address is held by its user, and by the one who may still come back to it (P9). */
  protected holderOf(email: string): User | undefined {
    return this.users.find(
      (one) => one.email === email || (one.undo?.email === email && this.isUndoOpen(one)),
    );
  }

  protected isUndoOpen = ({ undo }: User): boolean => undo !== null && undo.endsAt > this.now;

  protected undoOf(user: User): NonNullable<User['undo']> {
    const [{ email }, endsAt] = [user, this.now + RULES.undoTtl];
    return { email, endsAt, link: { kind: 'undo', subject: user, epoch: user.epoch, email, endsAt } };
  }

  protected openOf = (user: User): Session[] =>
    this.sessions.filter((one) => one.user === user && this.isOpen(one));

  protected end(session: Session): void {
    (session as { endsAt: number }).endsAt = this.now;
  }

  protected isOpen(session: Session | null): session is Session {
    return session !== null && session.endsAt > this.now && session.epoch === session.user.epoch;
  }

  protected isLive = (link: Link | null, kinds: readonly LinkKind[]): link is Link =>
    link !== null && kinds.includes(link.kind) && this.links.isLive(link, this.now);

  /** The first proof of the mailbox takes away what was planted before (P10). */
  protected change(user: User, changes: Partial<User>): User {
    if (changes.isVerified && !user.isVerified) Object.assign(changes, { factors: noFactors() });
    return Object.assign(user, changes, { epoch: user.epoch + 1 });
  }

  /** Every other session ends. */
  protected changeFactors(session: Session, factors: User['factors'], kind: MailKind): void {
    const { user } = session;
    this.mails.push({ to: user.email, kind });
    this.change(user, { factors });
    session.epoch = user.epoch;
  }

  /** Null where the password and a code of a factor that is there are proved; `rule` comes before the code. */
  protected unproved(
    session: Session | null,
    current: string,
    code: Code | null,
    rule: (user: User) => Reply | null = () => null,
  ): Reply | null {
    if (!this.isOpen(session)) return NO_SESSION;
    const { user } = session;
    const refusal = this.refusalOf(session, current) ?? rule(user);
    if (refusal) return refusal;
    const unproved = this.steps.prove(user, code, this.now);
    if (!unproved && user.factors.isOn && code?.kind === 'recovery') this.tellUse(user);
    return unproved;
  }

  protected tellUse = ({ email }: User): void =>
    void this.mails.push({ to: email, kind: 'recovery code used' });

  protected open(user: User, known: Device | null): void {
    const device = known ?? { user, id: this.sessions.length };
    this.sessions.push({ user, epoch: user.epoch, device, endsAt: this.now + RULES.sessionTtl });
  }

  protected issue = (kind: LinkKind, subject: Link['subject'], email: string, ttl: number): Link =>
    this.links.issue({ kind, subject, epoch: epochOf(subject), email, endsAt: this.now + ttl });

  protected mailLink(kind: MailKind, ...of: Parameters<Accounts['issue']>): void {
    this.mails.push({ to: of[2], kind, link: this.issue(...of) });
  }

  protected dropAttempts(email: string): void {
    this.links.dropAttempts(email);
    this.attempts = this.attempts.filter((one) => one.email !== email);
  }

  /** Guesses of somebody signed in count for their device; wrong ones for the strangers too. */
  protected refusalOf({ user, device }: Session, current: string): Reply | null {
    const bucket = deviceBucket(user, device);
    if (!this.mayGuess(bucket)) return LOCKED;
    if (user.password !== current) {
      this.mayGuess(strangers(user.email));
      return no(400, 'password.wrong_current');
    }
    this.limits.release(bucket, this.now);
    return null;
  }

  protected mayGuess = (bucket: string): boolean => this.limits.mayGuess(bucket, this.now);

  protected mayMail = (kind: string, email: string): boolean => this.limits.mayMail(kind, email, this.now);
}
