import { PASSWORD } from '../../support/demo';
import { aNumber, appCode } from '../../support/second-factor';
import type { Lane } from '../lane';
import type { Visitor } from '../visitor';
import { Beginnings, type Ways } from './ways';

/** Pages of second factors. */
export function factors(lane: Lane): Ways {
  const { member, withApp, withPhone } = new Beginnings(lane);
  const secretOn = async (visitor: Visitor): Promise<string> =>
    (await visitor.page.locator('code.secret').innerText()).replaceAll(/\s/g, '');
  const startedApp = async (visitor: Visitor): Promise<void> => {
    await member(visitor);
    await visitor.open('/account/mfa/totp/start');
    await visitor.press('Continue', { current_password: PASSWORD });
  };
  const startedPhone = async (visitor: Visitor): Promise<void> => {
    await member(visitor);
    await visitor.open('/account/phone/start');
    await visitor.press('Send a code', { phone_number: aNumber(), current_password: PASSWORD });
  };
  const askedForCode = async (visitor: Visitor): Promise<void> => {
    const { email, token } = await lane.member();
    await lane.withApp({ token });
    await visitor.signIn(email, PASSWORD);
  };
  return {
    'account, second factors': async (visitor) => {
      await member(visitor);
      await visitor.open('/account/factors');
    },
    'account, with an app': async (visitor) => {
      await withApp(visitor);
      await visitor.open('/account/factors');
    },
    'app, start': async (visitor) => {
      await member(visitor);
      await visitor.open('/account/mfa/totp/start');
    },
    'app, start, error': async (visitor) => {
      await member(visitor);
      await visitor.open('/account/mfa/totp/start');
      await visitor.pressUnchecked('Continue');
    },
    'app, key': startedApp,
    'app, key, error': async (visitor) => {
      await startedApp(visitor);
      await visitor.press('Turn on', { code: '000000' });
    },
    'recovery codes': async (visitor) => {
      await startedApp(visitor);
      await visitor.press('Turn on', { code: appCode(await secretOn(visitor)) });
    },
    'recovery codes, new': async (visitor) => {
      await withApp(visitor);
      await visitor.open('/account/mfa/recovery-codes');
    },
    'recovery codes, new, error': async (visitor) => {
      await withApp(visitor);
      await visitor.open('/account/mfa/recovery-codes');
      await visitor.press('Show new codes', { current_password: PASSWORD, code: '000000' });
    },
    'app, removal': async (visitor) => {
      await withApp(visitor);
      await visitor.open('/account/mfa/totp/delete');
    },
    'phone, start': async (visitor) => {
      await member(visitor);
      await visitor.open('/account/phone/start');
    },
    'phone, start, error': async (visitor) => {
      await member(visitor);
      await visitor.open('/account/phone/start');
      await visitor.press('Send a code', { phone_number: '12', current_password: PASSWORD });
    },
    'phone, code': startedPhone,
    'phone, code, error': async (visitor) => {
      await startedPhone(visitor);
      await visitor.press('Confirm the number', { code: '000000' });
    },
    'phone, removal': async (visitor) => {
      await withPhone(visitor);
      await visitor.open('/account/phone/delete');
    },
    'phone, removal, code sent': async (visitor) => {
      await withPhone(visitor);
      await visitor.open('/account/phone/delete');
      await visitor.press('Send me a code by text message');
    },
    'second step, app': askedForCode,
    'second step, app, error': async (visitor) => {
      await askedForCode(visitor);
      await visitor.press('Sign in', { code: '000000' });
    },
    'second step, recovery code': async (visitor) => {
      await askedForCode(visitor);
      await visitor.follow('Use a recovery code instead');
    },
    'second step, text message': async (visitor) => {
      const { email, token } = await lane.member();
      await lane.withPhone({ token });
      await visitor.signIn(email, PASSWORD);
    },
    'second step, nobody is signing in': (visitor) => visitor.open('/account/mfa-confirm'),
    'second factor demanded': async (visitor) => visitor.signIn((await lane.admin()).email, PASSWORD),
  };
}
