import { MfaService } from '@regstack/nestjs';
import { aNumber, Factors } from '../flows/factors';
import { PASSWORD } from '../support/demo';
import type { EventCase } from './event-cases';
import type { SilentCase } from './silent-cases';
import { type Act, type Citizen, now, type Town } from './town';

const factors = ({ scene }: Town): Factors => new Factors(scene);
const mfa = ({ scene }: Town): MfaService => scene.stage.host.app.get(MfaService, { strict: false });
const WRONG_CODE = '000000';

/** An enrolment that has begun: what would confirm it. */
async function begun({ scene }: Town, citizen: Citizen) {
  const { json } = await scene.post('/mfa/totp/start', { current_password: PASSWORD }, citizen);
  const { secret, pending_token } = json as { secret: string; pending_token: string };
  return { secret, pending_token };
}

/** The first step of a sign-in by somebody with a number; answers what the second step needs. */
async function waiting(town: Town, citizen: Citizen) {
  const { number } = await factors(town).enrolPhone(citizen);
  const token = await factors(town).begin(citizen);
  return { token, code: await factors(town).codeTo(number) };
}

/** The end of the number of somebody who has one. */
const removal =
  (method: string, path: string): Act =>
  async (town, citizen) => {
    const { number } = await factors(town).enrolPhone(citizen);
    await town.scene.post('/mfa/challenge', undefined, citizen);
    const body = { current_password: PASSWORD, code: await factors(town).codeTo(number) };
    return () => town.scene.ask(method, path, body, citizen);
  };

/** What second factors let be heard. */
export const FACTOR_CASES: readonly EventCase[] = [
  [
    'an authenticator app',
    ['user.mfa_enabled'],
    async (town, citizen) => {
      const { secret, pending_token } = await begun(town, citizen);
      const body = { pending_token, code: factors(town).code(secret) };
      return () => town.scene.post('/mfa/totp/confirm', body, citizen);
    },
  ],
  ['a number', ['user.mfa_enabled'], now((town, citizen) => factors(town).enrolPhone(citizen))],
  [
    'a number beside an app',
    ['user.mfa_enabled'],
    async (town, citizen) => {
      const { secret } = await factors(town).enrolApp(citizen);
      const code = factors(town).code(secret);
      return () => factors(town).enrolPhone(citizen, aNumber(), { code });
    },
  ],
  ['a number is removed', ['user.mfa_disabled'], removal('DELETE', '/phone')],
  ['a number is removed behind a proxy', ['user.mfa_disabled'], removal('POST', '/phone/delete')],
  [
    'an app is removed',
    ['user.mfa_disabled'],
    async (town, citizen) => {
      const { secret } = await factors(town).enrolApp(citizen);
      const body = { current_password: PASSWORD, code: factors(town).code(secret) };
      return () => town.scene.delete('/mfa/totp', body, citizen);
    },
  ],
  [
    'reset() of all factors',
    ['user.mfa_disabled'],
    async (town, citizen) => {
      await factors(town).enrolPhone(citizen);
      return () => mfa(town).reset(citizen.id);
    },
  ],
  [
    'the second step of a sign-in',
    ['user.logged_in'],
    async (town, citizen) => {
      const { token, code } = await waiting(town, citizen);
      return () => factors(town).confirm(token, code);
    },
  ],
  [
    'a wrong code in the second step',
    ['user.login_failed'],
    async (town, citizen) => {
      const { token, code } = await waiting(town, citizen);
      return () => factors(town).confirm(token, code === WRONG_CODE ? '111111' : WRONG_CODE);
    },
  ],
];

/** What about second factors is refused, or changes none. */
export const SILENT_FACTOR_CASES: readonly SilentCase[] = [
  [
    'the first step of a sign-in that waits for the second',
    200,
    async (town, citizen) => {
      await factors(town).enrolPhone(citizen);
      return () => town.scene.login(citizen.email, citizen.password);
    },
  ],
  [
    'another code for a sign-in that waits',
    202,
    async (town, citizen) => {
      const { token } = await waiting(town, citizen);
      return () => town.scene.post('/login/mfa-resend', { mfa_pending_token: token });
    },
  ],
  ['an enrolment that begins', 200, now((town, citizen) => startTotp(town, citizen, PASSWORD))],
  [
    'an enrolment with a wrong password',
    400,
    now((town, citizen) => startTotp(town, citizen, 'not-the-one-0815-at-all')),
  ],
  [
    'an enrolment by a wrong code',
    400,
    async (town, citizen) => {
      const { pending_token } = await begun(town, citizen);
      return () => town.scene.post('/mfa/totp/confirm', { pending_token, code: 'no code' }, citizen);
    },
  ],
  [
    'a removal without a code',
    403,
    async (town, citizen) => {
      await factors(town).enrolPhone(citizen);
      return () => town.scene.delete('/phone', { current_password: PASSWORD }, citizen);
    },
  ],
  [
    'a removal of what is not there',
    400,
    now(({ scene }, citizen) => scene.delete('/mfa/totp', { current_password: PASSWORD }, citizen)),
  ],
  [
    'a code as proof',
    202,
    async (town, citizen) => {
      await factors(town).enrolPhone(citizen);
      return () => town.scene.post('/mfa/challenge', undefined, citizen);
    },
  ],
  [
    'new recovery codes',
    200,
    async (town, citizen) => {
      const { secret } = await factors(town).enrolApp(citizen);
      const body = { current_password: PASSWORD, code: factors(town).code(secret) };
      return () => town.scene.post('/mfa/recovery-codes', body, citizen);
    },
  ],
  ['reset() of nothing', null, now((town, { id }) => mfa(town).reset(id))],
];

function startTotp({ scene }: Town, citizen: Citizen, current_password: string) {
  return scene.post('/mfa/totp/start', { current_password }, citizen);
}
