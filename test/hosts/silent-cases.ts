import { OTHER_PASSWORD, someone, WRONG_PASSWORD } from '../flows/scene';
import { PASSWORD } from '../support/demo';
import { type Act, after, type Citizen, now, type Town } from './town';

/** What is refused, or changes nothing: the status of it, where it is a request, and no event. */
export type SilentCase = readonly [what: string, status: number | null, act: Act];

const SAME = {
  is_active: true,
  is_superuser: false,
  roles: [],
  full_name: null,
  attributes: { language: 'en' },
};
const disable = ({ users }: Town, { id }: Citizen) => users.disable(id);
/** The admin is the only one. */
const alone = async ({ users, store, admin }: Town): Promise<void> => {
  for (const { id } of store.tables.users.values()) if (id !== admin.id) await users.demote(id);
};
const prove = (path: string, current_password: string): Act =>
  now(({ scene }, citizen) => scene.post(path, { current_password }, citizen));

/** Refusals of a user, and what changes nothing. */
const OWN: readonly SilentCase[] = [
  ['a registration that is to be proved', 201, now(({ scene }) => scene.register(someone()))],
  ['a registration of a taken address', 201, now(({ scene }, { email }) => scene.register(email))],
  ['another link', 202, now(({ scene }, { email }) => scene.resend(email))],
  [
    'a link that was used',
    400,
    async ({ scene }) => {
      const email = someone();
      await scene.register(email);
      const token = await scene.tokenTo(email);
      await scene.verify(token);
      return () => scene.verify(token);
    },
  ],
  ['a forgotten password of nobody', 202, now(({ scene }) => scene.forgot(someone()))],
  [
    'a forgotten password of somebody disabled',
    202,
    after(disable, ({ scene }, { email }) => scene.forgot(email)),
  ],
  ['a reset by no link', 400, now(({ scene }) => scene.reset('A'.repeat(43)))],
  [
    'a sign-in that is locked',
    429,
    after(
      ({ scene }, { email }) => scene.guess(email, 5),
      ({ scene }, { email }) => scene.login(email, PASSWORD),
    ),
  ],
  [
    'a second logout',
    401,
    after(
      ({ scene }, citizen) => scene.post('/logout', {}, citizen),
      ({ scene }, citizen) => scene.post('/logout', {}, citizen),
    ),
  ],
  [
    'a new password with a wrong one',
    400,
    now(({ scene }, citizen) => scene.changePassword(citizen, WRONG_PASSWORD, OTHER_PASSWORD)),
  ],
  ['the same password', 400, now(({ scene }, citizen) => scene.changePassword(citizen, PASSWORD, PASSWORD))],
  ['a short password', 422, now(({ scene }, citizen) => scene.changePassword(citizen, PASSWORD, 'short'))],
  ['the same address', 400, now(({ scene }, citizen) => scene.changeEmail(citizen, citizen.email))],
  [
    'another address with a wrong password',
    400,
    now(({ scene }, citizen) => scene.changeEmail({ ...citizen, password: WRONG_PASSWORD }, someone())),
  ],
  [
    'a move by no link',
    400,
    now(({ scene }) => scene.post('/confirm-email-change', { token: 'A'.repeat(43) })),
  ],
  [
    'a way back by no link',
    400,
    now(({ scene }) => scene.post('/undo-email-change', { token: 'A'.repeat(43) })),
  ],
  ['a profile without changes', 200, now(({ scene }, citizen) => scene.patch('/me', {}, citizen))],
  [
    'a profile as it was',
    200,
    now(({ scene }, citizen) =>
      scene.patch('/me', { full_name: null, attributes: { language: 'en' } }, citizen),
    ),
  ],
  [
    'an attribute that is not theirs',
    422,
    now(({ scene }, citizen) =>
      scene.patch('/me', { full_name: 'x', attributes: { company: 'x' } }, citizen),
    ),
  ],
  ['a fresh session', 200, prove('/reauthenticate', PASSWORD)],
  ['a deletion with a wrong password', 400, prove('/account/delete', WRONG_PASSWORD)],
  ['sessions that end', 200, now(({ scene }, citizen) => scene.post('/sessions/revoke-others', {}, citizen))],
];

/** What an admin is refused, or does in vain. */
const ADMINS: readonly SilentCase[] = [
  ['an admin changes nothing', 200, now((town, citizen) => town.patch(citizen, {}))],
  ['an admin sets what is there', 200, now((town, citizen) => town.patch(citizen, SAME))],
  [
    'an admin sets an attribute that is not theirs',
    422,
    now((town, citizen) => town.patch(citizen, { roles: ['x'], attributes: { note: 'x' } })),
  ],
  [
    'an admin ends sessions',
    200,
    now((town, { id }) => town.asAdmin('POST', `/users/${id}/revoke-sessions`)),
  ],
  [
    'an admin deletes nobody',
    404,
    now((town) => town.asAdmin('DELETE', '/users/01900000-0000-7000-8000-000000000000')),
  ],
  [
    'an admin promotes no attempt',
    404,
    now((town, { id }) => town.asAdmin('POST', `/pending-registrations/${id}/promote`)),
  ],
  [
    'an admin has no message sent again',
    404,
    now((town, { id }) => town.asAdmin('POST', `/outbox/${id}/retry`)),
  ],
  [
    'the last admin is disabled',
    409,
    after(alone, (town) => town.patch(town.admin, { is_active: false, full_name: 'x' })),
  ],
  ['the last admin is demoted', 409, after(alone, (town) => town.patch(town.admin, { is_superuser: false }))],
  [
    'the last admin is deleted',
    409,
    after(alone, (town) => town.asAdmin('DELETE', `/users/${town.admin.id}`)),
  ],
  [
    'somebody who is no admin',
    403,
    now(({ scene }, citizen) => scene.patch(`/admin/users/${citizen.id}`, { is_superuser: true }, citizen)),
  ],
];

/** What the code of the host does in vain. */
const HOSTS: readonly SilentCase[] = [
  ['disable() again', null, after(disable, disable)],
  ['enable()', null, now(({ users }, { id }) => users.enable(id))],
  ['demote()', null, now(({ users }, { id }) => users.demote(id))],
  ['setRoles() as they were', null, now(({ users }, { id }) => users.setRoles(id, []))],
  [
    'updateProfile() as it was',
    null,
    now(({ users }, { id }) => users.updateProfile(id, { fullName: null, attributes: { note: null } })),
  ],
  [
    'updateProfile() against a rule',
    null,
    now(({ users }, { id }) =>
      users.updateProfile(id, { fullName: 'x', attributes: { language: 'fr' as 'de' } }).catch(() => null),
    ),
  ],
  [
    'setPassword() against a rule',
    null,
    now(({ users }, { id }) => users.setPassword(id, 'short').catch(() => null)),
  ],
  [
    'setPassword() of somebody disabled',
    null,
    after(disable, ({ users }, { id }) => users.setPassword(id, OTHER_PASSWORD)),
  ],
  [
    'bootstrapAdmin() where there is one',
    null,
    now(({ users, admin }) => users.bootstrapAdmin({ email: admin.email, password: PASSWORD })),
  ],
  [
    'createAdmin() of somebody else',
    null,
    now(({ users }, { email }) => users.createAdmin({ email, password: PASSWORD }).catch(() => null)),
  ],
];

export const SILENT_CASES: readonly SilentCase[] = [...OWN, ...ADMINS, ...HOSTS];
