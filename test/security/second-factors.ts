import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { generateSync } from 'otplib';
import type { Store } from '@regstack/nestjs/testing';
import type { Demo } from '../support/demo';
import type { Setup, Waiting } from './draft';

type Challenge = Parameters<Store['challenges']['issue']>[0];

const HOUR_MS = 3_600_000;

/** The code that an app shows now. */
export const codeNow = (secret: string): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1000) });

/** A number that nobody used yet. */
export const aNumber = (): string => `+49151${String(randomInt(10 ** 8)).padStart(8, '0')}`;

/** Begins to enrol an app; by a session, or by the token of a sign-in that waits. */
export async function beginApp(demo: Demo, proof: object, token?: string): Promise<Setup> {
  const { json } = await demo.call('POST', '/mfa/totp/start', proof, token === undefined ? {} : { token });
  const { secret, pending_token } = json as { secret: string; pending_token: string };
  return { token: pending_token, code: () => codeNow(secret) };
}

/** Begins to enrol a number; the demo prints the text. */
export async function beginPhone(demo: Demo, proof: object, token: string): Promise<Setup> {
  const number = aNumber();
  const { json } = await demo.call('POST', '/phone/start', { ...proof, phone_number: number }, { token });
  await demo.logged(`SMS to ${number}`);
  const begin = demo.log.indexOf(`SMS to ${number}`);
  await demo.logged(' is your code', begin);
  const code = /\b(\d{6}) is your code/.exec(demo.log.slice(begin))![1]!;
  return { token: (json as { pending_token: string }).pending_token, code: () => code };
}

/** Enrols an app; answers the recovery codes. */
export async function enrolApp(demo: Demo, proof: object, token: string): Promise<readonly string[]> {
  const { token: pending_token, code } = await beginApp(demo, proof, token);
  const body = { pending_token, code: code() };
  const { json, text } = await demo.call('POST', '/mfa/totp/confirm', body, { token });
  const codes = (json as { recovery_codes?: readonly string[] } | undefined)?.recovery_codes;
  if (!codes) throw new Error(`the app was refused: ${text}`);
  return codes;
}

/** A sign-in that waits, as it is stored; no second password has to be hashed for it. */
export async function wait(
  { challenges, users }: Store,
  kind: Waiting['kind'],
  userId: string,
): Promise<string> {
  const { authEpoch } = (await users.findById(userId))!;
  const token = randomBytes(32).toString('base64url');
  const tokenHash = createHash('sha256').update(token).digest('base64url');
  const [id, now] = [randomUUID(), Date.now()];
  const payload = JSON.stringify({ proofs: ['password'], transport: 'bearer' });
  const about = { id, kind, subjectId: id, userId, authEpoch, email: null, phoneNumber: null };
  const times = { createdAt: new Date(now), expiresAt: new Date(now + HOUR_MS) };
  await challenges.issue({ ...about, tokenHash, payload, ...times } satisfies Challenge, null);
  return token;
}
