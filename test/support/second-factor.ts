import { randomInt } from 'node:crypto';
import { generateSync } from 'otplib';
import { type Answer, type Demo, PASSWORD } from './demo';
import type { FakeSmsGateway } from './fake-sms-gateway';

/** A number that nobody used yet. */
export const aNumber = (): string => `+49151${String(randomInt(10 ** 8)).padStart(8, '0')}`;

/** The code that an app shows so many steps from now; the demo runs by the real clock, and takes one step either way. */
export const appCode = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 });

/** Enrols a number for somebody signed in. */
export async function enrolPhone(demo: Demo, gateway: FakeSmsGateway, token: string): Promise<string> {
  const number = aNumber();
  const body = { phone_number: number, current_password: PASSWORD };
  const { json } = await demo.call('POST', '/phone/start', body, { token });
  const confirmation = { pending_token: json.pending_token as string, code: await gateway.codeTo(number) };
  const { status, text } = await demo.call('POST', '/phone/confirm', confirmation, { token });
  if (status !== 200) throw new Error(`the number was refused: ${text}`);
  return number;
}

/** The first step of a sign-in. */
export const signIn = (demo: Demo, email: string): Promise<Answer> =>
  demo.call('POST', '/login', { email, password: PASSWORD });

/** The second one. */
export const confirm = ({ json }: Answer, demo: Demo, code: string): Promise<Answer> =>
  demo.call('POST', '/login/mfa-confirm', { mfa_pending_token: json.mfa_pending_token as string, code });

/** Enrols an authenticator app with the code of the step before; answers its secret. */
export async function enrolApp(demo: Demo, token: string): Promise<string> {
  const body = { current_password: PASSWORD };
  const { json } = await demo.call('POST', '/mfa/totp/start', body, { token });
  const secret = json.secret as string;
  const proof = { pending_token: json.pending_token as string, code: appCode(secret, -1) };
  const { status, text } = await demo.call('POST', '/mfa/totp/confirm', proof, { token });
  if (status !== 200) throw new Error(`the app was refused: ${text}`);
  return secret;
}
