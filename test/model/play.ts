import { randomBytes, randomUUID } from 'node:crypto';
import type { PasswordHasher as Hasher } from '@regstack/nestjs';
import { PasswordHasher, UsersService } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';
import type { Answer, Head, Scene } from '../flows/scene';
import { type Command, type LinkRoute, PASSWORDS, PEOPLE, type SignedCommand } from './commands';
import { Model } from './model';
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
  'account deleted': 'Your account at',
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
  private readonly model = new Model();
  private readonly people: readonly string[];
  /** The links that were mailed, with their tokens; the sessions and devices, with theirs. Newest last. */
  private readonly links: Link[] = [];
  private readonly tokens = new Map<Link | Session | Device, string>();

  constructor(private readonly scene: Scene) {
    const n = (count += 1);
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
    const [expected, found] = await this.both(command);
    expect({ command, ...found }).toEqual({ command, ...expected });
    await this.compareMails(command);
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
        return [model.create(email, password), await this.create(email, password)];
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
        return [model.setActive(email, isActive), await this.setActive(email, isActive)];
      }
      case 'login':
        return this.login(
          this.people[command.who]!,
          this.wordOf(command.password, command.who),
          command.device,
        );
      case 'use':
        return this.use(this.nth(this.links, command.link), command);
      default:
        return this.signedIn(this.nth(model.sessions, command.session), command);
    }
  }

  private async login(email: string, password: string, nth: number | null): Promise<readonly [Reply, Reply]> {
    const device = nth === null ? null : (this.nth(this.model.sessions, nth)?.device ?? null);
    const cookie = device && this.tokens.get(device);
    const before = this.model.sessions.length;
    const expected = this.model.login(email, password, device);
    const answer = await this.scene.login(email, password, cookie ? { cookie } : {});
    const session = this.model.sessions[before];
    if (session && answer.status === 200) {
      this.tokens.set(session, answer.json.access_token);
      this.tokens.set(session.device, answer.cookies[0]!);
    }
    return [expected, replyOf(answer)];
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
      default:
        return this.proved(session, command, head);
    }
  }

  /** What asks for the current password. */
  private async proved(
    session: Session | null,
    command: Extract<SignedCommand, { readonly password: unknown }>,
    head: Head,
  ): Promise<readonly [Reply, Reply]> {
    const { model } = this;
    const current = this.wordFor(session, command.password);
    const post = async (path: string, body: object = {}) =>
      replyOf(await this.scene.post(path, { current_password: current, ...body }, head));
    switch (command.do) {
      case 'reauthenticate':
        return [model.reauthenticate(session, current), await post('/reauthenticate')];
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

  /** As the code of a host does. */
  private async setActive(email: string, isActive: boolean): Promise<Reply> {
    const users = this.scene.stage.host.app.get(UsersService, { strict: false });
    const user = await users.findByEmail(email);
    const changed = user && (await (isActive ? users.enable(user.id) : users.disable(user.id)));
    return { status: changed ? 200 : 404 };
  }

  /** As an administrator's tool writes it. */
  private async create(email: string, password: string): Promise<Reply> {
    const { app } = this.scene.stage.host;
    const passwordHash = await app.get<Hasher>(PasswordHasher, { strict: false }).hash(password);
    const user = {
      id: randomUUID(),
      email,
      passwordHash,
      fullName: null,
      isVerified: false,
      isSuperuser: false,
      attributes: {},
    };
    const createdAt = this.scene.stage.clock.now();
    const created = app.get(Store, { strict: false }).users.create({ ...user, createdAt } as never);
    return created.then(
      () => ({ status: 201 }),
      (error: Error) => ({ status: error.name === 'EmailTakenError' ? 409 : 500 }),
    );
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

const replyOf = ({ status, json }: Pick<Answer, 'status' | 'json'>): Reply => ({
  status,
  ...(status >= 400 ? { code: json?.code } : {}),
  ...(json?.id
    ? { user: { email: json.email, is_verified: json.is_verified, attributes: json.attributes } }
    : {}),
  ...(json?.items ? { items: json.items.length } : {}),
});
