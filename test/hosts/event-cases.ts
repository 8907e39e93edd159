import { OTHER_PASSWORD, someone, WRONG_PASSWORD } from '../flows/scene';
import { PASSWORD } from '../support/demo';
import { type Act, after, type Citizen, now, type Town } from './town';

/** What is done to a citizen, and the events of it in their order. */
export type EventCase = readonly [what: string, events: readonly string[], act: Act];

const NAME = { full_name: 'Changed' };
const disable = ({ users }: Town, { id }: Citizen) => users.disable(id);
const promote = ({ users }: Town, { id }: Citizen) => users.promote(id);
const cookie = '/login?transport=cookie';

/** Each event, for each way to cause it. */
export const CASES: readonly EventCase[] = [
  [
    'the link of a registration',
    ['user.registered', 'user.verified'],
    async ({ scene }) => {
      const email = someone();
      await scene.register(email);
      const token = await scene.tokenTo(email);
      return () => scene.verify(token);
    },
  ],
  [
    'the link of an address that several have registered',
    ['user.registered', 'user.verified'],
    async ({ scene }) => {
      const email = someone();
      await scene.register(email);
      await scene.register(email);
      await scene.resend(email);
      const token = await scene.tokenTo(email);
      return () => scene.verify(token, OTHER_PASSWORD);
    },
  ],
  [
    'an admin promotes an attempt',
    ['user.registered'],
    async (town) => {
      const email = someone();
      await town.scene.register(email);
      const { json } = await town.asAdmin('GET', '/pending-registrations');
      const { id } = (json.items as { id: string; email: string }[]).find((one) => one.email === email)!;
      return () => town.asAdmin('POST', `/pending-registrations/${id}/promote`);
    },
  ],
  [
    'createAdmin()',
    ['user.registered'],
    now(({ users }) => users.createAdmin({ email: someone(), password: PASSWORD })),
  ],
  [
    'promoteExisting()',
    ['user.password_changed', 'user.promoted'],
    now(({ users }, { email }) => users.promoteExisting({ email, password: OTHER_PASSWORD })),
  ],
  [
    'promoteExisting() of an admin',
    ['user.password_changed'],
    after(promote, ({ users }, { email }) => users.promoteExisting({ email, password: OTHER_PASSWORD })),
  ],
  ['a sign-in', ['user.logged_in'], now(({ scene }, { email, password }) => scene.login(email, password))],
  [
    'a sign-in by cookie',
    ['user.logged_in'],
    now(({ scene }, { email, password }) => scene.post(cookie, { email, password })),
  ],
  [
    'a sign-in by cookie in the place of another',
    ['user.logged_in', 'user.logged_out'],
    async ({ scene }, { email, password }) => {
      const headers = { 'sec-fetch-site': 'same-origin' };
      const { cookies } = await scene.post(cookie, { email, password }, { headers });
      return () => scene.post(cookie, { email, password }, { headers, cookie: cookies.join('; ') });
    },
  ],
  [
    'a wrong password',
    ['user.login_failed'],
    now(({ scene }, { email }) => scene.login(email, WRONG_PASSWORD)),
  ],
  ['an unknown address', ['user.login_failed'], now(({ scene }) => scene.login(someone(), WRONG_PASSWORD))],
  [
    'a disabled account',
    ['user.login_failed'],
    after(disable, ({ scene }, { email, password }) => scene.login(email, password)),
  ],
  [
    'the last attempt of a window',
    ['user.login_failed', 'user.locked_out'],
    after(
      ({ scene }, { email }) => scene.guess(email, 4),
      ({ scene }, { email }) => scene.guess(email, 1),
    ),
  ],
  ['a logout', ['user.logged_out'], now(({ scene }, citizen) => scene.post('/logout', {}, citizen))],
  [
    'a changed password',
    ['user.password_changed'],
    now(({ scene }, citizen) => scene.changePassword(citizen, PASSWORD, OTHER_PASSWORD)),
  ],
  [
    'setPassword()',
    ['user.password_changed'],
    now(({ users }, { id }) => users.setPassword(id, OTHER_PASSWORD)),
  ],
  [
    'a forgotten password',
    ['user.password_reset_requested'],
    now(({ scene }, { email }) => scene.forgot(email)),
  ],
  [
    'a reset password',
    ['user.password_reset_completed'],
    async ({ scene }, { email }) => {
      await scene.forgot(email);
      const token = await scene.tokenTo(email);
      return () => scene.reset(token);
    },
  ],
  [
    'another address, free',
    ['user.email_change_requested'],
    now(({ scene }, citizen) => scene.changeEmail(citizen, someone())),
  ],
  [
    'another address, taken',
    ['user.email_change_requested'],
    now(({ scene, admin }, citizen) => scene.changeEmail(citizen, admin.email)),
  ],
  [
    'another address, proved',
    ['user.email_changed'],
    async ({ scene }, citizen) => {
      const email = someone();
      await scene.changeEmail(citizen, email);
      const token = await scene.tokenTo(email);
      return () => scene.post('/confirm-email-change', { token });
    },
  ],
  [
    'the address before comes back',
    ['user.email_change_undone'],
    async ({ scene }, citizen) => {
      const token = await scene.move(citizen, someone());
      return () => scene.post('/undo-email-change', { token });
    },
  ],
  [
    'a name, by its owner',
    ['user.profile_updated'],
    now(({ scene }, citizen) => scene.patch('/me', NAME, citizen)),
  ],
  [
    'an attribute, by its owner',
    ['user.profile_updated'],
    now(({ scene }, citizen) => scene.patch('/me', { attributes: { language: 'de' } }, citizen)),
  ],
  [
    'name and attribute, by an admin',
    ['user.profile_updated'],
    now((town, citizen) => town.patch(citizen, { ...NAME, attributes: { company: 'Plum' } })),
  ],
  [
    'updateProfile()',
    ['user.profile_updated'],
    now(({ users }, { id }) => users.updateProfile(id, { fullName: 'Changed' })),
  ],
  [
    'roles, by an admin',
    ['user.roles_changed'],
    now((town, citizen) => town.patch(citizen, { roles: ['editor'] })),
  ],
  ['setRoles()', ['user.roles_changed'], now(({ users }, { id }) => users.setRoles(id, ['editor']))],
  [
    'disabled by an admin',
    ['user.disabled'],
    now((town, citizen) => town.patch(citizen, { is_active: false })),
  ],
  ['disable()', ['user.disabled'], now(disable)],
  [
    'enabled by an admin',
    ['user.enabled'],
    after(disable, (town, citizen) => town.patch(citizen, { is_active: true })),
  ],
  ['enable()', ['user.enabled'], after(disable, ({ users }, { id }) => users.enable(id))],
  [
    'promoted by an admin',
    ['user.promoted'],
    now((town, citizen) => town.patch(citizen, { is_superuser: true })),
  ],
  ['promote()', ['user.promoted'], now(promote)],
  [
    'demoted by an admin',
    ['user.demoted'],
    after(promote, (town, citizen) => town.patch(citizen, { is_superuser: false })),
  ],
  ['demote()', ['user.demoted'], after(promote, ({ users }, { id }) => users.demote(id))],
  [
    'all at once, by an admin',
    ['user.profile_updated', 'user.roles_changed', 'user.promoted', 'user.disabled'],
    now((town, citizen) =>
      town.patch(citizen, { ...NAME, roles: ['x'], is_superuser: true, is_active: false }),
    ),
  ],
  [
    'deleted by its owner',
    ['user.deleted'],
    now(({ scene }, citizen) => scene.delete('/account', { current_password: PASSWORD }, citizen)),
  ],
  [
    'deleted by its owner behind a proxy',
    ['user.deleted'],
    now(({ scene }, citizen) => scene.post('/account/delete', { current_password: PASSWORD }, citizen)),
  ],
  ['deleted by an admin', ['user.deleted'], now((town, { id }) => town.asAdmin('DELETE', `/users/${id}`))],
  ['delete()', ['user.deleted'], now(({ users }, { id }) => users.delete(id))],
];

/** The same where accounts exist before their address is proved. */
export const UNPROVED_CASES: readonly EventCase[] = [
  ['a registration', ['user.registered'], now(({ scene }) => scene.register(someone()))],
  [
    'the link of an account',
    ['user.verified'],
    async ({ scene }, { email }) => {
      await scene.resend(email);
      const token = await scene.tokenTo(email);
      return () => scene.verify(token);
    },
  ],
  [
    'a reset proves the address',
    ['user.password_reset_completed', 'user.verified'],
    async ({ scene }, { email }) => {
      await scene.forgot(email);
      const token = await scene.tokenTo(email);
      return () => scene.reset(token);
    },
  ],
  [
    'a move proves the address',
    ['user.email_changed', 'user.verified'],
    async ({ scene }, citizen) => {
      const email = someone();
      await scene.changeEmail(citizen, email);
      const token = await scene.tokenTo(email);
      return () => scene.post('/confirm-email-change', { token });
    },
  ],
];
