import {
  AccountHooks,
  MailRejectedError,
  type SecurityEventKind,
  UsersService,
  Veto,
} from '@regstack/nestjs';
import { PASSWORD } from '../support/demo';
import { Enrolments, NO_CODE } from './enrolments';
import { aNumber } from './factors';
import { type Answer, type Member, OTHER_PASSWORD, Scene, someone, WRONG_PASSWORD } from './scene';

/** Somebody with an account, and their id. */
export type Person = Member & { readonly id: string };

/** An address that no hook lets pass. */
export const VETOED = 'vetoed@example.org';

class Hooks extends AccountHooks {
  override beforeSignIn({ email }: { readonly email: string }): Veto | null {
    return email === VETOED ? new Veto('Not you.') : null;
  }
}

/** A host with all of its routes, a hook and an admin. */
export class World {
  private constructor(
    readonly scene: Scene,
    readonly admin: Person,
  ) {}

  /** @param prepare called before anything is told */
  static async begin(prepare: () => void): Promise<World> {
    const scene = await Scene.start({
      enableAdminRouter: true,
      enableSms2fa: true,
      mfaTrustedDeviceDays: 30,
      trustedProxies: 1,
      providers: [{ provide: AccountHooks, useClass: Hooks }],
    });
    prepare();
    const admin = await scene.admin();
    return new World(scene, { ...admin, id: (await World.userAt(scene, admin.email))!.id });
  }

  async person(): Promise<Person> {
    const member = await this.scene.member();
    return { ...member, id: await this.idAt(member.email) };
  }

  async idAt(email: string): Promise<string> {
    return (await World.userAt(this.scene, email))!.id;
  }

  asAdmin(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.scene.ask(method, `/admin${path}`, body, this.admin);
  }

  patch({ id }: Person, body: unknown): Promise<Answer> {
    return this.asAdmin('PATCH', `/users/${id}`, body);
  }

  get factors(): Enrolments {
    return new Enrolments(this.scene);
  }

  /** The session of somebody, in a cookie. */
  async cookieOf({ email, password }: Person): Promise<string> {
    const { cookies } = await this.scene.post('/login?transport=cookie', { email, password });
    return cookies.join('; ');
  }

  private static userAt(scene: Scene, email: string): Promise<{ readonly id: string } | null> {
    return scene.stage.host.app.get(UsersService, { strict: false }).findByEmail(email);
  }
}

/** What is to be told of it, beside kind, time and place. */
export interface Told {
  readonly actor: string | null;
  readonly target: string | null;
  readonly reason?: string;
  /** The request was refused, and the answer says under which id. */
  readonly refusal?: Answer;
  /** It failed after the answer, at no request: it has neither a client nor an id. */
  readonly isLater?: true;
}

type Cause = (world: World, somebody: Person) => Promise<Told>;

/** Done by somebody to themselves. */
const own =
  (work: (world: World, somebody: Person) => Promise<unknown>): Cause =>
  async (world, somebody) => {
    await work(world, somebody);
    return { actor: somebody.id, target: somebody.id };
  };

/** Done by the admin to somebody. */
const byAdmin =
  (work: (world: World, somebody: Person) => Promise<unknown>): Cause =>
  async (world, somebody) => {
    await work(world, somebody);
    return { actor: world.admin.id, target: somebody.id };
  };

/** By nobody who is known. */
const byStranger =
  (work: (world: World, somebody: Person) => Promise<Partial<Told>>): Cause =>
  async (world, somebody) => ({ actor: null, target: somebody.id, ...(await work(world, somebody)) });

const registered: Cause = async (world) => {
  const { scene } = world;
  const email = someone();
  await scene.register(email);
  await scene.verify(await scene.tokenTo(email));
  const id = await world.idAt(email);
  return { actor: id, target: id };
};

const moved = async ({ scene }: World, somebody: Person): Promise<void> => {
  await scene.post('/undo-email-change', { token: await scene.move(somebody, someone()) });
};

/** Signs in on a device that is to be trusted; answers the token of the session. */
const trusting = async ({ factors }: World, somebody: Person): Promise<string> => {
  const app = await factors.enrolApp(somebody);
  const token = await factors.begin(app);
  const { json } = await factors.confirm(token, app.recoveryCodes[0]!, { trust_device: true });
  return json.access_token as string;
};

/** A way to each kind of event. The compiler misses a kind that has none. */
export const CAUSES: Readonly<Record<SecurityEventKind, Cause>> = {
  'registration.requested': byStranger(async ({ scene }) => {
    await scene.register(someone());
    return { target: null };
  }),
  'registration.promoted': async (world) => {
    const email = someone();
    await world.scene.register(email);
    const { json } = await world.asAdmin('GET', '/pending-registrations');
    const { id } = (json.items as { id: string; email: string }[]).find((one) => one.email === email)!;
    await world.asAdmin('POST', `/pending-registrations/${id}/promote`);
    return { actor: world.admin.id, target: await world.idAt(email) };
  },
  'verification.requested': byStranger(async ({ scene }) => {
    await scene.resend(someone());
    return { target: null };
  }),
  'user.registered': registered,
  'user.verified': registered,
  'user.logged_in': async ({ scene }, { id, email, password }) => {
    await scene.login(email, password);
    return { actor: id, target: id, reason: 'password' };
  },
  'user.login_failed': byStranger(async ({ scene }, { email }) => ({
    refusal: await scene.login(email, WRONG_PASSWORD),
    reason: 'login.invalid_credentials',
  })),
  'user.locked_out': byStranger(async ({ scene }, { email }) => {
    await scene.guess(email, 4);
    return { refusal: await scene.login(email, WRONG_PASSWORD) };
  }),
  'login.limited': byStranger(async ({ scene }, { email, password }) => {
    await scene.guess(email, 5);
    return { refusal: await scene.login(email, password), reason: 'address' };
  }),
  'message.retried': async (world) => {
    // A message that waits for a link which never comes.
    await world.scene.forgot(someone());
    const { json } = await world.asAdmin('GET', '/outbox?state=queued&limit=1');
    await world.asAdmin('POST', `/outbox/${json.items[0].id}/retry`);
    return { actor: world.admin.id, target: null, reason: 'password_reset' };
  },
  'mfa.refused': byStranger(async ({ factors }, somebody) => {
    const token = await factors.begin(await factors.enrolApp(somebody));
    return { refusal: await factors.confirm(token, NO_CODE), reason: 'sign_in' };
  }),
  'mfa.limited': async ({ factors }, somebody) => {
    const app = await factors.enrolApp(somebody);
    for (let n = 0; n < 10; n++) await factors.removeApp(app, { code: NO_CODE });
    const refusal = await factors.removeApp(app, { code: NO_CODE });
    return { actor: somebody.id, target: somebody.id, refusal, reason: 'proof' };
  },
  'mfa.code_sent': async ({ factors }, somebody) => {
    await factors.startPhone(somebody, aNumber());
    return { actor: somebody.id, target: somebody.id, reason: 'phone_setup' };
  },
  'mfa.code_withheld': async ({ factors }, somebody) => {
    const phone = await factors.enrolPhone(somebody);
    for (let n = 0; n < 4; n++) await factors.challenge(phone);
    const refusal = await factors.challenge(phone);
    return { actor: somebody.id, target: somebody.id, refusal, reason: 'proof' };
  },
  'mfa.recovery_code_used': byStranger(async ({ factors }, somebody) => {
    const app = await factors.enrolApp(somebody);
    await factors.signIn(app, app.recoveryCodes[0]!);
    return {};
  }),
  'mfa.recovery_codes_replaced': own(async ({ factors }, somebody) => {
    const app = await factors.enrolApp(somebody);
    await factors.newRecoveryCodes(app, { code: app.recoveryCodes[0] });
  }),
  'mfa.device_trusted': own(trusting),
  'mfa.device_distrusted': own(async (world, somebody) => {
    const token = await trusting(world, somebody);
    const { json } = await world.scene.ask('GET', '/sessions', undefined, { token });
    const [{ id }] = json.trusted_devices as [{ id: string }];
    await world.scene.delete(`/sessions/${id}`, undefined, { token });
  }),
  'link.refused': byStranger(async ({ scene }) => ({
    target: null,
    refusal: await scene.reset('A'.repeat(43)),
    reason: 'password_reset',
  })),
  'user.logged_out': own(({ scene }, somebody) => scene.post('/logout', {}, somebody)),
  'session.revoked': own(async ({ scene }, somebody) => {
    const { token } = await scene.signIn(somebody.email, somebody.password);
    const { json } = await scene.ask('GET', '/sessions', undefined, somebody);
    const { id } = (json.items as { id: string; current: boolean }[]).find(({ current }) => !current)!;
    await scene.delete(`/sessions/${id}`, undefined, somebody);
    if (await scene.isSignedIn(token)) throw new Error('the session lives');
  }),
  'session.others_revoked': own(({ scene }, somebody) => scene.post('/sessions/revoke-others', {}, somebody)),
  'session.all_revoked': byAdmin((world, { id }) => world.asAdmin('POST', `/users/${id}/revoke-sessions`)),
  'session.renewed': own(({ scene }, somebody) =>
    scene.post('/reauthenticate', { current_password: PASSWORD }, somebody),
  ),
  'password.refused': async ({ scene }, somebody) => {
    const refusal = await scene.changePassword(somebody, WRONG_PASSWORD, OTHER_PASSWORD);
    return { actor: somebody.id, target: somebody.id, refusal };
  },
  'access.refused': async ({ scene }, somebody) => {
    const refusal = await scene.ask('GET', '/admin/stats', undefined, somebody);
    return { actor: somebody.id, target: null, refusal, reason: 'account.not_allowed' };
  },
  'access.cross_site': byStranger(async (world, somebody) => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    const refusal = await world.scene.post(
      '/logout',
      {},
      { cookie: await world.cookieOf(somebody), headers },
    );
    return { target: null, refusal, reason: 'request.cross_site' };
  }),
  'hook.refused': byStranger(async ({ scene }) => ({
    target: null,
    refusal: await scene.login(VETOED, PASSWORD),
    reason: 'sign_in',
  })),
  'user.profile_updated': own(({ scene }, somebody) => scene.patch('/me', { full_name: 'Bob' }, somebody)),
  'user.roles_changed': byAdmin((world, somebody) => world.patch(somebody, { roles: ['editor'] })),
  'user.password_changed': own(({ scene }, somebody) =>
    scene.changePassword(somebody, PASSWORD, OTHER_PASSWORD),
  ),
  'user.password_reset_requested': byStranger(async ({ scene }, { email }) => {
    await scene.forgot(email);
    return {};
  }),
  'user.password_reset_completed': own(async ({ scene }, { email }) => {
    await scene.forgot(email);
    await scene.reset(await scene.tokenTo(email));
  }),
  'user.email_change_requested': own(({ scene }, somebody) => scene.changeEmail(somebody, someone())),
  'user.email_changed': own(moved),
  'user.email_change_undone': own(moved),
  'user.mfa_enabled': async ({ factors }, somebody) => {
    await factors.enrolPhone(somebody);
    return { actor: somebody.id, target: somebody.id, reason: 'sms' };
  },
  'user.mfa_disabled': async ({ factors }, somebody) => {
    const app = await factors.enrolApp(somebody);
    await factors.removeApp(app, { code: app.recoveryCodes[0] });
    return { actor: somebody.id, target: somebody.id, reason: 'totp' };
  },
  'user.disabled': byAdmin((world, somebody) => world.patch(somebody, { is_active: false })),
  'user.enabled': byAdmin(async (world, somebody) => {
    await world.patch(somebody, { is_active: false });
    await world.patch(somebody, { is_active: true });
  }),
  'user.promoted': byAdmin((world, somebody) => world.patch(somebody, { is_superuser: true })),
  'user.demoted': byAdmin(async (world, somebody) => {
    await world.patch(somebody, { is_superuser: true });
    await world.patch(somebody, { is_superuser: false });
  }),
  'user.deleted': async (world, { id }) => {
    await world.asAdmin('DELETE', `/users/${id}`);
    return { actor: world.admin.id, target: id };
  },
  'message.dead_lettered': async ({ scene }, { email }) => {
    const deliver = jest.spyOn(scene.stage.mail, 'deliver');
    deliver.mockRejectedValueOnce(new MailRejectedError('no such mailbox'));
    await scene.forgot(email);
    await scene.stage.quiet();
    deliver.mockRestore();
    return { actor: null, target: null, reason: 'refused', isLater: true };
  },
};
