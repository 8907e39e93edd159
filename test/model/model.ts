import { FactorModel } from './factor-model';
import { factorsBefore, methodsOf, noFactors } from './factors';
import { deviceBucket, strangers } from './limits';
import {
  type Attempt,
  DEAD_LINK,
  type Device,
  isShort,
  type Link,
  LOCKED,
  no,
  NO_SESSION,
  type Reply,
  RULES,
  type Session,
  TOO_SHORT,
  type User,
  userReply,
} from './terms';

let ids = 0;
/** What every user begins with. */
const newUser = () => ({ id: (ids += 1), epoch: 0, undo: null, attributes: {}, factors: noFactors() });

/** The accounts as PROTOCOLS and CONTRACT want them, for one request at a time. */
export class Model extends FactorModel {
  register(email: string, password: string): Reply {
    if (isShort(password)) return TOO_SHORT;
    const isMailed = this.mayMail('verification', email);
    if (!isMailed && this.attemptsOn(email).length > 1) return { status: 201 };
    const attempt = { email, password, endsAt: this.now + RULES.verifyTtl };
    this.attempts.push(attempt);
    if (!isMailed) return { status: 201 };
    const link = this.issue('registration', attempt, email, RULES.verifyTtl);
    this.mails.push(
      this.holderOf(email) ? { to: email, kind: 'have account' } : { to: email, kind: 'confirm', link },
    );
    return { status: 201 };
  }

  /** Staff makes an account whose address nobody has proved. */
  create(email: string, password: string): Reply {
    if (this.holderOf(email)) return { status: 409 };
    this.users.push({ email, password, isVerified: false, isActive: true, ...newUser() });
    return { status: 201 };
  }

  resend(email: string): Reply {
    if (!this.mayMail('verification', email)) return { status: 202 };
    const user = this.userAt(email);
    const [attempt, another] = this.attemptsOn(email);
    if (user) {
      if (user.isActive && !user.isVerified)
        this.mailLink('confirm', 'verification', user, email, RULES.verifyTtl);
    } else if (another) this.mailLink('finish', 'mailbox', email, email, RULES.verifyTtl);
    else if (attempt) this.mailLink('confirm', 'registration', attempt, email, attempt.endsAt - this.now);
    return { status: 202 };
  }

  verify(link: Link | null, password: string | null): Reply {
    if (!this.isLive(link, ['registration', 'mailbox', 'verification'])) return DEAD_LINK;
    const { kind, subject, email } = link;
    if (kind !== 'mailbox' && password !== null) return no(422, 'request.invalid');
    if (kind === 'mailbox' && password === null) return no(422, 'verification.password_required');
    if (password !== null && isShort(password)) return TOO_SHORT;
    if (kind === 'verification') return userReply(this.change(subject as User, { isVerified: true }));
    if (this.holderOf(email)) return DEAD_LINK;
    const user = {
      email,
      password: password ?? (subject as Attempt).password,
      isVerified: true,
      isActive: true,
    };
    this.users.push({ ...user, ...newUser() });
    this.dropAttempts(email);
    return userReply(this.userAt(email)!);
  }

  login(email: string, password: string, device: Device | null): Reply {
    const user = this.userAt(email);
    const known = user && device?.user === user ? device : null;
    const bucket = known ? deviceBucket(user!, known) : strangers(email);
    if (!this.mayGuess(bucket)) return LOCKED;
    if (!user || user.password !== password) return no(401, 'login.invalid_credentials');
    if (!user.isActive || !user.isVerified) {
      this.limits.giveBack(bucket);
      return no(403, user.isActive ? 'account.unverified' : 'account.disabled');
    }
    if (user.factors.isOn) {
      this.limits.giveBack(bucket);
      this.steps.begin(user, this.now);
      return { status: 200, methods: methodsOf(user) };
    }
    this.limits.release(bucket, this.now);
    this.open(user, known);
    return { status: 200 };
  }

  me = (session: Session | null): Reply => (this.isOpen(session) ? userReply(session.user) : NO_SESSION);

  logout(session: Session | null): Reply {
    if (!this.isOpen(session)) return NO_SESSION;
    this.end(session);
    return { status: 200 };
  }

  forgot(email: string): Reply {
    if (!this.mayMail('password-reset', email)) return { status: 202 };
    const user = this.userAt(email);
    if (user?.isActive) this.mailLink('set password', 'password-reset', user, email, RULES.resetTtl);
    return { status: 202 };
  }

  reset(link: Link | null, password: string): Reply {
    if (!this.isLive(link, ['password-reset'])) return DEAD_LINK;
    if (isShort(password)) return TOO_SHORT;
    const { email } = this.change(link.subject as User, { password, isVerified: true });
    this.limits.clear(strangers(email));
    this.mails.push({ to: email, kind: 'password changed' });
    return { status: 200 };
  }

  changePassword(session: Session | null, current: string, password: string): Reply {
    if (!this.isOpen(session)) return NO_SESSION;
    if (isShort(password)) return TOO_SHORT;
    const refusal = this.refusalOf(session, current);
    if (refusal) return refusal;
    if (password === current) return no(400, 'password.same');
    const { email } = this.change(session.user, { password });
    this.mails.push({ to: email, kind: 'password changed' });
    return { status: 200 };
  }

  changeEmail(session: Session | null, email: string, current: string): Reply {
    if (!this.isOpen(session)) return NO_SESSION;
    const { user } = session;
    const refusal = this.refusalOf(session, current);
    if (refusal) return refusal;
    if (email === user.email) return no(400, 'email.same');
    if (!this.mayMail('email-change', email)) return { status: 202 };
    const link = this.issue('email-change', user, email, RULES.changeTtl);
    const isTaken = (this.holderOf(email) ?? user) !== user;
    this.mails.push({
      to: email,
      ...(isTaken ? { kind: 'have account' } : { kind: 'confirm new address', link }),
    });
    return { status: 202 };
  }

  confirm(link: Link | null): Reply {
    if (!this.isLive(link, ['email-change'])) return DEAD_LINK;
    const user = link.subject as User;
    if ((this.holderOf(link.email) ?? user) !== user) return DEAD_LINK;
    const { email: left, undo: earlier } = user;
    const undo = earlier?.email !== left && this.isUndoOpen(user) ? null : this.undoOf(user);
    this.mails.push({ to: left, kind: 'address changed', ...(undo && { link: undo.link }) });
    this.change(user, { email: link.email, isVerified: true, undo: undo ?? earlier });
    for (const email of [left, link.email]) this.dropAttempts(email);
    return userReply(user);
  }

  undo(link: Link | null): Reply {
    const user = this.users.find(({ undo }) => link !== null && undo?.link === link);
    if (!user?.undo || !user.isActive || !this.isUndoOpen(user)) return DEAD_LINK;
    this.dropAttempts(user.email);
    this.mails.push({ to: user.email, kind: 'change undone' });
    const factors = factorsBefore(user.undo.link.epoch, user.factors);
    this.change(user, { email: user.undo.email, password: null, isVerified: true, undo: null, factors });
    this.mailLink('set password', 'password-reset', user, user.email, RULES.resetTtl);
    return userReply(user);
  }

  /** One who is disabled already stays so, and nothing is raised or told. */
  setActive(email: string, isActive: boolean): Reply {
    const user = this.userAt(email);
    if (!user) return { status: 404 };
    if (user.isActive !== isActive)
      this.mails.push({ to: email, kind: isActive ? 'account enabled' : 'account disabled' });
    if (user.isActive && !isActive) this.change(user, { isActive });
    else user.isActive = isActive;
    return { status: 200 };
  }

  /** Null takes the attribute away; the others stay. */
  edit(session: Session | null, name: string, value: number | null): Reply {
    if (!this.isOpen(session)) return NO_SESSION;
    const { [name]: _, ...others } = session.user.attributes;
    session.user.attributes = value === null ? others : { ...others, [name]: value };
    return userReply(session.user);
  }

  list = (session: Session | null): Reply =>
    this.isOpen(session) ? { status: 200, items: this.openOf(session.user).length } : NO_SESSION;

  endOthers(session: Session | null): Reply {
    if (!this.isOpen(session)) return NO_SESSION;
    for (const one of this.openOf(session.user)) if (one !== session) this.end(one);
    return { status: 200 };
  }

  /** The address, and the one that the user could go back to, are free at once. */
  leave(session: Session | null, current: string): Reply {
    if (!this.isOpen(session)) return NO_SESSION;
    const refusal = this.refusalOf(session, current);
    if (refusal) return refusal;
    const { user } = session;
    const former = this.isUndoOpen(user) && user.undo!.email !== user.email ? [user.undo!.email] : [];
    this.change(user, { isActive: false });
    this.users = this.users.filter((one) => one !== user);
    for (const email of [user.email, ...former]) {
      this.dropAttempts(email);
      this.mails.push({ to: email, kind: 'account deleted' });
    }
    return { status: 200 };
  }
}
