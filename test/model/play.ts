import { randomBytes } from 'node:crypto';
import type { Answer, Head, Scene } from '../flows/scene';
import { type Command, type LinkRoute, PASSWORDS, PEOPLE, type SignedCommand } from './commands';
import type { ProvedFactorCommand } from './factor-commands';
import { FactorPlay, isProved } from './factor-play';
import { create, plant, setActive } from './host-acts';
import { Model } from './model';
import { replyOf } from './reply-of';
import { type Device, type Link, type MailKind, type Reply, RULES, type Session } from './terms';

/** Subjects begin so. */
const SUBJECTS: Readonly<Record<MailKind, string>> = {
  confirm: 'Confirm your e-mail address',
  finish: 'Finish your registration',
  'have account': 'You already have an account',
  'set password': 'Set a new password',
  'password changed': 'Your password at',
  'confirm new address': 'Confirm your new e-mail address',
  'address changed': 'The e-mail address of your account',
  'change undone': 'A change of e-mail address',
  'account deleted': 'Your account at RegStack was deleted',
  'account disabled': 'Your account at RegStack was disabled',
  'account enabled': 'Your account at RegStack can be used',
  'factor added': 'A second factor was added',
  'factor removed': 'A second factor was removed',
  'recovery codes replaced': 'New recovery codes',
  'recovery code used': 'A recovery code was used',
};
const ROUTES: Readonly<Record<Link['kind'], LinkRoute>> = {
  registration: 'verify',
  mailbox: 'verify',
  verification: 'verify',
  'password-reset': 'reset',
  'email-change': 'confirm',
  undo: 'undo',
};
const PATHS: Readonly<Record<LinkRoute, string>> = {
  verify: '/verify',
  reset: '/reset-password',
  confirm: '/confirm-email-change',
  undo: '/undo-email-change',
};

const OTHERS = '/sessions/revoke-others';

let count = 0;

/** One sequence, on a host and in the model, with addresses of its own. */
export class Play {
  private readonly model: Model;
  private readonly factors: FactorPlay;
  private readonly people: readonly string[];
  private readonly numbers: readonly string[];
  /** The links that were mailed, with their tokens; the sessions and devices, with theirs. Newest last. */
  private readonly links: Link[] = [];
  private readonly tokens = new Map<Link | Session | Device, string>();

  constructor(private readonly scene: Scene) {
    const n = (count += 1);
    this.model = new Model(Math.floor(scene.stage.clock.now().getTime() / 1000));
    this.numbers = [0, 1, 2, 3].map((who) => `+49151${String(n).padStart(7, '0')}${who}`);
    this.factors = new FactorPlay(scene, this.model, this.numbers);
    this.people = [
      `ada.${n}@example.org`,
      `ada.${n}+home@example.org`,
      `bob.${n}@example.org`,
      `eve.${n}@example.org`,
    ];
  }

  /** Plays the steps, then looks at everything that they have left. */
  async run(commands: readonly Command[]): Promise<void> {
    for (const command of commands) await this.step(command);
    for (let session = this.model.sessions.length; session-- > 0;) await this.step({ do: 'me', session });
    await this.step({ do: 'wait', seconds: RULES.guessWindow });
    for (let who = 0; who < PEOPLE; who++)
      for (const password of [0, 1, 2] as const)
        await this.step({ do: 'login', who, password, device: null });
    const newest = this.links.length;
    for (let link = 0; link < newest; link++) {
      const at = this.links.length - 1 - link;
      const password = this.links[at]!.kind === 'mailbox' ? 1 : null;
      await this.step({ do: 'use', link: at, as: null, password });
    }
  }

  private async step(command: Command): Promise<void> {
    this.model.mails = [];
    this.model.steps.sent = [];
    const [expected, found] = await this.both(command);
    expect({ command, ...found }).toEqual({ command, ...expected });
    await this.compareMails(command);
    this.factors.compareTexts(command);
  }

  private async compareMails(command: Command): Promise<void> {
    const { stage } = this.scene;
    await stage.quiet();
    const told = stage.mail.sent.splice(0).map(({ to, subject, text }) => ({
      to,
      kind: Object.entries(SUBJECTS).find(([, begin]) => subject.startsWith(begin))?.[0] ?? subject,
      token: /[?&]token=([\w-]+)/.exec(text)?.[1],
    }));
    const name = (mail: { readonly to: string; readonly kind: string }, hasLink: boolean) =>
      `${mail.kind}${hasLink ? ', with a link,' : ''} to ${mail.to}`;
    const expected = this.model.mails.map((mail) => name(mail, mail.link !== undefined)).toSorted();
    const found = told.map((mail) => name(mail, mail.token !== undefined)).toSorted();
    expect({ command, mails: found }).toEqual({ command, mails: expected });
    for (const { to, kind, link } of this.model.mails) {
      if (!link) continue;
      this.links.push(link);
      this.tokens.set(link, told.find((mail) => mail.to === to && mail.kind === kind)!.token!);
    }
  }

  /** The step in the model and on the host. */
  private async both(command: Command): Promise<readonly [Reply, Reply]> {
    const { model, scene } = this;
    switch (command.do) {
      case 'wait':
        model.now += command.seconds;
        scene.advance(command.seconds);
        return [{ status: 200 }, { status: 200 }];
      case 'register': {
        const [email, password] = [this.people[command.who]!, this.wordOf(command.password, command.who)];
        return [model.register(email, password), replyOf(await scene.post('/register', { email, password }))];
      }
      case 'create': {
        const [email, password] = [this.people[command.who]!, this.wordOf(command.password, command.who)];
        return [model.create(email, password), await create(scene, email, password)];
      }
      case 'resend': {
        const email = this.people[command.who]!;
        return [model.resend(email), replyOf(await scene.post('/resend-verification', { email }))];
      }
      case 'forgot': {
        const email = this.people[command.who]!;
        return [model.forgot(email), replyOf(await scene.post('/forgot-password', { email }))];
      }
      case 'disable':
      case 'enable': {
        const [email, isActive] = [this.people[command.who]!, command.do === 'enable'];
        return [model.setActive(email, isActive), await setActive(scene, email, isActive)];
      }
      case 'login':
        return this.login(
          this.people[command.who]!,
          this.wordOf(command.password, command.who),
          command.device,
        );
      case 'plant': {
        const [email, number] = [this.people[command.who]!, this.numbers[command.who]!];
        return [model.plant(email, number), await plant(scene, email, number)];
      }
      case 'secondStep':
        return this.secondStep(command);
      case 'resendCode':
        return this.factors.resend(this.nth(model.steps.waits, command.wait));
      case 'use':
        return this.use(this.nth(this.links, command.link), command);
      default:
        return this.signedIn(this.nth(model.sessions, command.session), command);
    }
  }

  private async login(email: string, password: string, nth: number | null): Promise<readonly [Reply, Reply]> {
    const device = nth === null ? null : (this.nth(this.model.sessions, nth)?.device ?? null);
    const cookie = device && this.tokens.get(device);
    const [sessions, waits] = [this.model.sessions.length, this.model.steps.waits.length];
    const expected = this.model.login(email, password, device);
    const answer = await this.scene.login(email, password, cookie ? { cookie } : {});
    const wait = this.model.steps.waits[waits];
    if (wait && answer.status === 200) this.factors.keepWait(wait, answer.json.mfa_pending_token as string);
    else this.keepSession(sessions, answer);
    return [expected, replyOf(answer)];
  }

  private async secondStep({ wait, code }: Extract<Command, { do: 'secondStep' }>) {
    const before = this.model.sessions.length;
    const [expected, answer] = await this.factors.secondStep(this.nth(this.model.steps.waits, wait), code);
    this.keepSession(before, answer);
    return [expected, replyOf(answer)] as const;
  }

  /** Keeps the tokens of a session that the model has opened meanwhile. */
  private keepSession(at: number, { status, json, cookies }: Answer): void {
    const session = this.model.sessions[at];
    if (!session || status !== 200) return;
    this.tokens.set(session, json.access_token as string);
    this.tokens.set(session.device, cookies[0]!);
  }

  private async use(
    link: Link | null,
    { as, password: choice }: Extract<Command, { do: 'use' }>,
  ): Promise<readonly [Reply, Reply]> {
    const route = as ?? (link ? ROUTES[link.kind] : 'verify');
    const token = (link && this.tokens.get(link)) ?? randomBytes(32).toString('base64url');
    const password = choice === null ? null : this.wordOf(choice, 0);
    const chosen = password ?? PASSWORDS[2];
    const body = {
      token,
      ...(route === 'reset' ? { new_password: chosen } : {}),
      ...(route === 'verify' && password !== null ? { new_password: password } : {}),
    };
    const answer = replyOf(await this.scene.post(PATHS[route], body));
    const { model } = this;
    if (route === 'verify') return [model.verify(link, password), answer];
    if (route === 'reset') return [model.reset(link, chosen), answer];
    return [route === 'confirm' ? model.confirm(link) : model.undo(link), answer];
  }

  private async signedIn(session: Session | null, command: SignedCommand): Promise<readonly [Reply, Reply]> {
    const { model, scene } = this;
    const token = session && this.tokens.get(session);
    const head = token ? { token } : {};
    switch (command.do) {
      case 'me':
        return [model.me(session), replyOf(await scene.get('/api/auth/me', head))];
      case 'list':
        return [model.list(session), replyOf(await scene.get('/api/auth/sessions', head))];
      case 'logout':
        return [model.logout(session), replyOf(await scene.post('/logout', undefined, head))];
      case 'endOthers':
        return [model.endOthers(session), replyOf(await scene.post(OTHERS, undefined, head))];
      case 'edit': {
        const { name, value } = command;
        const answer = await scene.patch('/me', { attributes: { [name]: value } }, head);
        return [model.edit(session, name, value), replyOf(answer)];
      }
      case 'challenge':
        return this.factors.challenge(session, head);
      case 'confirmSetup': {
        const setup = this.nth(model.steps.setups, command.setup);
        return this.factors.confirmSetup(session, setup, command.code, head);
      }
      default:
        if (isProved(command))
          return this.factors.proved(session, command, this.wordFor(session, command.password), head);
        return this.proved(session, command, head);
    }
  }

  /** What asks for the current password. */
  private async proved(
    session: Session | null,
    command: Exclude<Extract<SignedCommand, { readonly password: unknown }>, ProvedFactorCommand>,
    head: Head,
  ): Promise<readonly [Reply, Reply]> {
    const { model } = this;
    const current = this.wordFor(session, command.password);
    const post = async (path: string, body: object = {}) =>
      replyOf(await this.scene.post(path, { current_password: current, ...body }, head));
    switch (command.do) {
      case 'leave':
        return [model.leave(session, current), await post('/account/delete')];
      case 'changePassword': {
        const next = this.wordOf(command.next, 0);
        const expected = model.changePassword(session, current, next);
        return [expected, await post('/change-password', { new_password: next })];
      }
      default: {
        const email = this.people[command.who]!;
        const expected = model.changeEmail(session, email, current);
        return [expected, await post('/change-email', { new_email: email })];
      }
    }
  }

  private nth<T>(all: readonly T[], fromNewest: number): T | null {
    return all.length === 0 ? null : all[all.length - 1 - (fromNewest % all.length)]!;
  }

  private wordOf(choice: 0 | 1 | 2 | 'right' | 'short', who: number): string {
    if (choice === 'short') return 'short';
    return choice === 'right'
      ? (this.model.passwordOf(this.people[who]!) ?? PASSWORDS[0])
      : PASSWORDS[choice];
  }

  private wordFor(session: Session | null, choice: 0 | 1 | 2 | 'right' | 'short'): string {
    return choice === 'right' ? (session?.user.password ?? PASSWORDS[0]) : this.wordOf(choice, 0);
  }
}
