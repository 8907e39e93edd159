import { PASSWORD, someone } from '../../support/demo';
import type { Lane } from '../lane';
import { Beginnings, type Way, type Ways, WRONG } from './ways';

/** The page of who is signed in, and that of their sessions. */
export function account(lane: Lane): Ways {
  const { member, withPhone } = new Beginnings(lane);
  /** A section that is open, and then its form sent. */
  const section =
    (path: string, button?: string, fields?: Readonly<Record<string, string>>): Way =>
    async (visitor) => {
      await member(visitor);
      await visitor.open(`/account/${path}`);
      if (button !== undefined) await visitor.pressUnchecked(button, fields);
    };
  return {
    account: member,
    'account, name': async (visitor) => {
      await member(visitor);
      await visitor.unfold('Name');
    },
    'account, name, error': async (visitor) => {
      await member(visitor);
      await visitor.unfold('Name');
      await visitor.pressUnchecked('Save', { full_name: 'x'.repeat(300) });
    },
    'account, name, done': async (visitor) => {
      await member(visitor);
      await visitor.unfold('Name');
      await visitor.press('Save', { full_name: 'Maximiliane Wolkenstein-Rodenegg' });
    },
    'account, e-mail': section('change-email'),
    'account, e-mail, error': section('change-email', 'Send link', {
      new_email: 'x',
      current_password: WRONG,
    }),
    'account, e-mail, done': section('change-email', 'Send link', {
      new_email: someone(),
      current_password: PASSWORD,
    }),
    'account, password': section('change-password'),
    'account, password, error': section('change-password', 'Change password', {
      current_password: PASSWORD,
      new_password: 'xyz-short-1',
    }),
    'account, deletion': section('delete-account'),
    'account, deletion, error': section('delete-account', 'Delete account'),
    'account, deletion, error, wrong password': section('delete-account', 'Delete account', {
      current_password: WRONG,
      confirm: 'yes',
    }),
    'is it still you': section('reauthenticate'),
    'is it still you, error': section('reauthenticate', 'Go on', { current_password: WRONG }),
    sessions: section('sessions'),
    'sessions, others ended': section('sessions', 'Sign out everywhere else'),
    'sessions, trusted devices': async (visitor) => {
      const memberOf = await lane.member();
      const number = await lane.withPhone(memberOf);
      await visitor.signIn(memberOf.email, PASSWORD);
      const code = await lane.sms.codeTo(number, 2);
      await visitor.press('Sign in', { trust_device: 'yes', code });
      await visitor.open('/account/sessions');
    },
    'not for them': section('admin'),
    'account, with a phone number': async (visitor) => {
      await withPhone(visitor);
      await visitor.open('/account/factors');
    },
  };
}
