import { someone } from '../../support/demo';
import type { Lane } from '../lane';
import type { Visitor } from '../visitor';
import { Beginnings, type Ways } from './ways';

/** Pages for admins. */
export function admin(lane: Lane): Ways {
  const { admin: signIn, registered } = new Beginnings(lane);
  const open = async (visitor: Visitor, path: string): Promise<void> => {
    await signIn(visitor);
    await visitor.open(`/account/admin${path}`);
  };
  const openUser = async (visitor: Visitor): Promise<void> => {
    const { email } = await lane.member(someone('somebody.with.quite.a.long.address'));
    await open(visitor, `?q=${email}`);
    await visitor.follow(email);
  };
  return {
    'admin, users': (visitor) => open(visitor, ''),
    'admin, users, none': (visitor) => open(visitor, '?q=nobody.at.all'),
    'admin, users, what cannot be asked': (visitor) => open(visitor, '?is_active=perhaps'),
    'admin, user': openUser,
    'admin, user, done': async (visitor) => {
      await openUser(visitor);
      await visitor.press('Save', { full_name: 'Grace Hopper', roles: 'support' });
    },
    'admin, user, error': async (visitor) => {
      await openUser(visitor);
      await visitor.pressUnchecked('Save', { roles: 'x'.repeat(100) });
    },
    'admin, user, error, deletion': async (visitor) => {
      await openUser(visitor);
      await visitor.pressUnchecked('Delete account');
    },
    'admin, user, disabled': async (visitor) => {
      await openUser(visitor);
      await visitor.press('Disable account');
    },
    'admin, no such user': (visitor) => open(visitor, '/users/00000000-0000-4000-8000-000000000000'),
    'admin, registrations': async (visitor) => {
      await registered();
      await open(visitor, '/registrations');
    },
    'admin, audit log': (visitor) => open(visitor, '/audit'),
    'admin, messages': (visitor) => open(visitor, '/outbox'),
    'admin, messages, none': (visitor) => open(visitor, '/outbox?state=dead'),
    'admin, messages, what cannot be asked': (visitor) => open(visitor, '/outbox?state=perhaps'),
  };
}
