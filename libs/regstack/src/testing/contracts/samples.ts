import { addSeconds } from '../../kernel/clock';
import { canonicalEmail, type EmailAddress } from '../../kernel/email-address';
import { newId } from '../../kernel/ids';
import { hashToken, mintToken } from '../../kernel/secret-token';
import type { Removal } from '../../ports/account.repository';
import type { AuditRecord } from '../../ports/audit.repository';
import type { Challenge, NewChallenge } from '../../ports/challenge.repository';
import type { OutboxMessage } from '../../ports/outbox.repository';
import type { PendingRegistration } from '../../ports/pending-registration.repository';
import type { NewSession } from '../../ports/session.repository';
import type { TrustedDevice } from '../../ports/trusted-device.repository';
import type { EmailUndo, NewUser, TotpFactor } from '../../ports/user.repository';

/** The instant at which every case begins. Far ahead: a database may remove what has expired by a clock of its own, at any moment. */
export const T0 = new Date('2126-03-01T12:00:00.000Z');

/** An instant that many seconds after {@link T0}. */
export const at = (seconds: number): Date => addSeconds(T0, seconds);

/** The address of somebody with that name. */
export const addressOf = (name: string): EmailAddress => canonicalEmail(`${name}@example.org`);

/** An address. */
export const ALICE = addressOf('alice');

/** Another address. */
export const BOB = addressOf('bob');

/** How long a change of address can be taken back in the samples, seconds. */
export const UNDO_SECONDS = 259_200;

/** A verified user at {@link ALICE}. */
export function aUser(changes: Partial<NewUser> = {}): NewUser {
  return {
    id: newId(T0),
    email: ALICE,
    passwordHash: '$hash-1',
    fullName: 'Alice Ärmel 😀',
    isVerified: true,
    isSuperuser: false,
    attributes: {},
    createdAt: T0,
    ...changes,
  };
}

/** What `findCredentials` tells of the second factors of a user who has none. */
export const NO_FACTOR = { totp: null, recoveryCodesLeft: 0 } as const;

/** A number. */
export const PHONE = '+4915112345678';

/** Another number. */
export const OTHER_PHONE = '+12025550143';

/** The time step of {@link T0} (RFC 6238). */
export const STEP = Math.floor(T0.getTime() / 30_000);

/** An authenticator app whose last code was one of {@link STEP}. */
export function aTotp(changes: Partial<TotpFactor> = {}): TotpFactor {
  return { sealedSecret: 'kid.nonce.secret.tag', lastStep: STEP, ...changes };
}

/** The keyed hash of a recovery code. */
export const aCode = (): string => hashToken(mintToken());

/** Keyed hashes of that many recovery codes. */
export const codes = (count: number): string[] => Array.from({ length: count }, aCode);

/** Values of every kind that attributes may have, and texts that a database could take for something else. */
export const ATTRIBUTES = {
  text: `it's a "quote", 100 % of $1, ? and :name; \\n \\u0041 \\' C:\\temp, a.b.c, $set, {}, --, 😀 Zoë \u2028`,
  empty: '',
  number: 42,
  negative: -17.25,
  small: 1e-7,
  large: 9_007_199_254_740_991,
  zero: 0,
  yes: true,
  no: false,
  list: [1, 'two', [3, null], { four: 4 }, []],
  nested: { inner: { deep: ['x', { y: null }] }, gone: null, none: {} },
  date: '2126-03-01T12:00:00.000Z',
} as const;

/** An active superuser at the address of that name. */
export const anAdmin = (name: string): NewUser => aUser({ email: addressOf(name), isSuperuser: true });

/** A deletion at {@link T0}, of whatever epoch, with a notice to {@link ALICE}. */
export function aRemoval(changes: Partial<Removal> = {}): Removal {
  return {
    expectedEpoch: null,
    notices: [aMessage({ kind: 'account-deleted' })],
    at: T0,
    ...changes,
  };
}

/** Something that happened. */
export function aRecord(changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    id: newId(T0),
    at: T0,
    kind: 'login.failed',
    actor: null,
    target: null,
    ip: null,
    result: 'refused',
    reason: null,
    requestId: null,
    ...changes,
  };
}

/** What takes an account back to an address, for {@link UNDO_SECONDS}. */
export function anUndo(email: EmailAddress, changes: Partial<EmailUndo> = {}): EmailUndo {
  return { email, tokenHash: hashToken(mintToken()), expiresAt: at(UNDO_SECONDS), authEpoch: 0, ...changes };
}

/** An attempt to register {@link ALICE} that lives for an hour. */
export function anAttempt(changes: Partial<PendingRegistration> = {}): PendingRegistration {
  return {
    id: newId(T0),
    userId: newId(T0),
    email: ALICE,
    passwordHash: '$hash-1',
    fullName: null,
    attributes: {},
    createdAt: T0,
    expiresAt: at(3600),
    ...changes,
  };
}

/** A live challenge about a subject, for an hour, as it is stored. */
export function aChallenge(subjectId: string, changes: Partial<NewChallenge> = {}): Challenge {
  return {
    id: newId(T0),
    kind: 'registration',
    subjectId,
    tokenHash: hashToken(mintToken()),
    authEpoch: null,
    userId: null,
    email: null,
    phoneNumber: null,
    payload: null,
    createdAt: T0,
    expiresAt: at(3600),
    guesses: 0,
    ...changes,
  };
}

/** A message that waits since {@link T0}. */
export function aMessage(changes: Partial<OutboxMessage> = {}): OutboxMessage {
  return {
    id: newId(T0),
    kind: 'registration-taken',
    recipient: ALICE,
    challengeId: null,
    sealedBody: 'kid.nonce.body.tag',
    createdAt: T0,
    ...changes,
  };
}

/** A message that carries a challenge which is nowhere: it is never sent. */
export function aDecoy(): OutboxMessage {
  return aMessage({ challengeId: newId(T0) });
}

/** A session of a user for an hour. */
export function aSession(userId: string, changes: Partial<NewSession> = {}): NewSession {
  return {
    id: newId(T0),
    userId,
    authEpoch: 0,
    deviceId: newId(T0),
    ip: '192.0.2.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0',
    createdAt: T0,
    expiresAt: at(3600),
    ...changes,
  };
}

/** A device that a user of epoch 0 trusts for an hour. */
export function aDevice(userId: string, changes: Partial<TrustedDevice> = {}): TrustedDevice {
  return {
    id: newId(T0),
    userId,
    authEpoch: 0,
    deviceId: newId(T0),
    ip: '192.0.2.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0',
    createdAt: T0,
    expiresAt: at(3600),
    ...changes,
  };
}
