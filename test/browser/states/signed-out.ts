import { PASSWORD, someone } from '../../support/demo';
import type { Lane } from '../lane';
import { Beginnings, type Ways, WRONG } from './ways';

/** Pages for everybody, and those of mailed links. */
export function signedOut(lane: Lane): Ways {
  const { member, registered } = new Beginnings(lane);
  const askedForReset = async (): Promise<string> => {
    const { email } = await lane.member();
    await lane.demo.call('POST', '/forgot-password', { email });
    return email;
  };
  const moving = async (): Promise<{ from: string; to: string }> => {
    const [{ email: from, token }, to] = [await lane.member(), someone()];
    await lane.demo.call('POST', '/change-email', { new_email: to, current_password: PASSWORD }, { token });
    return { from, to };
  };
  const moved = async (): Promise<string> => {
    const { from, to } = await moving();
    const token = /token=([\w-]+)/.exec((await lane.mail(to, 'confirm-email-change')).text)![1];
    await lane.demo.call('POST', '/confirm-email-change', { token });
    return from;
  };
  return {
    'sign in': (visitor) => visitor.open('/account/login'),
    'sign in, signed out': async (visitor) => {
      await member(visitor);
      await visitor.press('Sign out');
    },
    'sign in, error': (visitor) => visitor.signIn(someone(), WRONG),
    'sign in, error, nothing filled in': async (visitor) => {
      await visitor.open('/account/login');
      await visitor.pressUnchecked('Sign in');
    },
    'sign in, error, not confirmed': async (visitor) => visitor.signIn(await registered(), PASSWORD),
    'sign in, locked': async (visitor) => {
      const email = someone();
      for (let n = 0; n < 6; n++) await visitor.signIn(email, WRONG);
    },
    register: (visitor) => visitor.open('/account/register'),
    'register, error': async (visitor) => {
      await visitor.open('/account/register');
      await visitor.pressUnchecked('Create account', { email: 'nobody', password: 'short' });
    },
    'check mail': async (visitor) => {
      await visitor.open('/account/register');
      await visitor.press('Create account', { email: someone(), password: PASSWORD });
    },
    'check mail, error': async (visitor) => {
      await visitor.open('/account/check-mail');
      await visitor.pressUnchecked('Send another link', { email: 'nobody' });
    },
    'check mail, sent again': async (visitor) => {
      await visitor.open('/account/check-mail');
      await visitor.press('Send another link', { email: someone() });
    },
    verify: async (visitor) => visitor.clickMailedLink(await registered(), 'verify'),
    'verify, done': async (visitor) => {
      await visitor.clickMailedLink(await registered(), 'verify');
      await visitor.press('Confirm address');
    },
    'verify, no such link': (visitor) => visitor.open('/account/verify'),
    forgot: (visitor) => visitor.open('/account/forgot'),
    'forgot, error': async (visitor) => {
      await visitor.open('/account/forgot');
      await visitor.pressUnchecked('Send link', { email: 'nobody' });
    },
    'forgot, done': async (visitor) => {
      await visitor.open('/account/forgot');
      await visitor.press('Send link', { email: someone() });
    },
    reset: async (visitor) => visitor.clickMailedLink(await askedForReset(), 'reset'),
    'reset, error': async (visitor) => {
      await visitor.clickMailedLink(await askedForReset(), 'reset');
      await visitor.pressUnchecked('Set password', { new_password: 'xyz-short-1' });
    },
    'reset, done': async (visitor) => {
      await visitor.clickMailedLink(await askedForReset(), 'reset');
      await visitor.press('Set password', { new_password: 'quiet-Harbour-37-lantern' });
    },
    'confirm e-mail change': async (visitor) =>
      visitor.clickMailedLink((await moving()).to, 'confirm-email-change'),
    'confirm e-mail change, done': async (visitor) => {
      await visitor.clickMailedLink((await moving()).to, 'confirm-email-change');
      await visitor.press('Confirm new address');
    },
    'undo e-mail change': async (visitor) => visitor.clickMailedLink(await moved(), 'undo-email-change'),
    'undo e-mail change, done': async (visitor) => {
      await visitor.clickMailedLink(await moved(), 'undo-email-change');
      await visitor.press('Get my account back');
    },
  };
}
