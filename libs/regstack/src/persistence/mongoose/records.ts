import type { EmailAddress } from '../../kernel/email-address';
import type { UserAttributes } from '../../kernel/regstack-user';
import { merged } from '../../ports/account-changes';
import type { AuditRecord } from '../../ports/audit.repository';
import type { Challenge, ChallengeKind, NewChallenge } from '../../ports/challenge.repository';
import type { LeasedMessage, OutboxMessage } from '../../ports/outbox.repository';
import type { ListedAttempt, PendingRegistration } from '../../ports/pending-registration.repository';
import type { ListedSession, NewSession, SessionRecord } from '../../ports/session.repository';
import type { TrustedDevice } from '../../ports/trusted-device.repository';
import type { EmailUndo, NewUser, UserRecord } from '../../ports/user.repository';
import { attributesDocument } from './attributes';
import type {
  AuditDocument,
  ChallengeDocument,
  IntentDocument,
  OutboxDocument,
  PendingDocument,
  SessionDocument,
  TrustedDeviceDocument,
  UndoDocument,
  UserDocument,
} from './documents';
import { plain } from './plain';

/** Fields of a user that leave the store; neither the hash nor a waiting message is among them. */
export const USER_FIELDS = {
  _id: 1,
  email: 1,
  full_name: 1,
  is_active: 1,
  is_verified: 1,
  is_superuser: 1,
  phone_number: 1,
  is_mfa_enabled: 1,
  roles: 1,
  attributes: 1,
  auth_epoch: 1,
  created_at: 1,
  last_login: 1,
} as const;

/** A user as read with {@link USER_FIELDS}. */
export type UserFields = Pick<UserDocument, keyof typeof USER_FIELDS>;

/** The user in a document. */
export function userFrom(document: UserFields): UserRecord {
  return {
    id: document._id,
    email: document.email as EmailAddress,
    fullName: document.full_name,
    isActive: document.is_active,
    isVerified: document.is_verified,
    isSuperuser: document.is_superuser,
    roles: document.roles ?? [],
    phoneNumber: document.phone_number,
    isMfaEnabled: document.is_mfa_enabled,
    attributes: document.attributes,
    authEpoch: document.auth_epoch,
    createdAt: document.created_at,
    lastLogin: document.last_login,
  };
}

/** The document of an undo. */
export function undoDocument({ email, tokenHash, expiresAt, authEpoch }: EmailUndo): UndoDocument {
  return plain({ email, token_hash: tokenHash, expires_at: expiresAt, auth_epoch: authEpoch });
}

/** A new user's document. */
export function userDocument(user: NewUser): UserDocument {
  const typed = plain({
    _id: user.id,
    email: user.email,
    password_hash: user.passwordHash,
    full_name: user.fullName,
    is_active: true,
    is_verified: user.isVerified,
    is_superuser: user.isSuperuser,
    phone_number: null,
    is_mfa_enabled: false,
    auth_epoch: 0,
    created_at: user.createdAt,
    last_login: null,
  });
  const attributes = present(user.attributes);
  return { ...typed, roles: [], attributes, intents: [], claims: [typed.email] };
}

/** A new one: one that is null was never there. */
function present(attributes: UserAttributes): Record<string, unknown> {
  return { ...merged({}, attributesDocument(attributes)) };
}

/** The document of an attempt. */
export function pendingDocument(attempt: PendingRegistration): PendingDocument {
  const typed = plain({
    _id: attempt.id,
    user_id: attempt.userId,
    email: attempt.email,
    password_hash: attempt.passwordHash,
    full_name: attempt.fullName,
    created_at: attempt.createdAt,
    expires_at: attempt.expiresAt,
  });
  return { ...typed, attributes: present(attempt.attributes) };
}

/** An attempt as an admin sees it. */
export function listedAttemptFrom(document: Omit<PendingDocument, 'password_hash'>): ListedAttempt {
  return {
    id: document._id,
    email: document.email as EmailAddress,
    fullName: document.full_name,
    createdAt: document.created_at,
    expiresAt: document.expires_at,
  };
}

/** The user that an attempt turns into. */
export function userOf(attempt: PendingDocument, now: Date): NewUser {
  return {
    id: attempt.user_id,
    email: attempt.email as EmailAddress,
    passwordHash: attempt.password_hash,
    fullName: attempt.full_name,
    isVerified: true,
    isSuperuser: false,
    attributes: attempt.attributes ?? {},
    createdAt: now,
  };
}

/** The document of a session. */
export function sessionDocument(session: NewSession): SessionDocument {
  return plain({
    _id: session.id,
    user_id: session.userId,
    auth_epoch: session.authEpoch,
    device_id: session.deviceId,
    ip: session.ip,
    user_agent: session.userAgent,
    created_at: session.createdAt,
    authenticated_at: session.createdAt,
    last_seen_at: session.createdAt,
    expires_at: session.expiresAt,
  });
}

/** The session in a document. */
export function sessionFrom(document: SessionDocument): SessionRecord {
  const { _id: id, user_id: userId, auth_epoch: authEpoch } = document;
  const { created_at: createdAt, expires_at: expiresAt } = document;
  const { device_id: deviceId = id, authenticated_at: authenticatedAt = createdAt } = document;
  const { last_seen_at: lastSeenAt = createdAt } = document;
  return { id, userId, authEpoch, deviceId, createdAt, authenticatedAt, lastSeenAt, expiresAt };
}

/** The session in a document, with what its user knows it by. */
export function listedFrom(document: SessionDocument): ListedSession {
  const { ip = null, user_agent: userAgent = null } = document;
  return { ...sessionFrom(document), ip, userAgent };
}

/** The document of a challenge. */
export function challengeDocument(challenge: NewChallenge): ChallengeDocument {
  const { id, kind, subjectId, userId, createdAt, expiresAt } = challenge;
  const typed = plain({
    challenge_id: id,
    kind,
    subject_id: subjectId,
    token_hash: challenge.tokenHash,
    auth_epoch: challenge.authEpoch,
    email: challenge.email,
    phone_number: challenge.phoneNumber,
    payload: challenge.payload,
    created_at: createdAt,
    expires_at: expiresAt,
    used_at: null,
    guesses: 0,
  });
  const whose = userId === null ? {} : plain({ user_id: userId });
  return { ...challengeKey(kind, subjectId), ...typed, ...whose };
}

/** Where the challenge of a kind about a subject is. */
export function challengeKey(kind: ChallengeKind, subjectId: string): Pick<ChallengeDocument, '_id'> {
  const { subject } = plain({ kind, subject: subjectId });
  return { _id: `${kind}/${subject}` };
}

/** The challenge in a document. */
export function challengeFrom(document: ChallengeDocument): Challenge {
  return {
    id: document.challenge_id,
    kind: document.kind as ChallengeKind,
    subjectId: document.subject_id,
    userId: document.user_id ?? null,
    tokenHash: document.token_hash,
    authEpoch: document.auth_epoch ?? null,
    email: (document.email ?? null) as EmailAddress | null,
    phoneNumber: document.phone_number ?? null,
    payload: document.payload ?? null,
    createdAt: document.created_at,
    expiresAt: document.expires_at,
    guesses: document.guesses ?? 0,
  };
}

/** The document of a trust. */
export function trustedDeviceDocument(device: TrustedDevice): TrustedDeviceDocument {
  return {
    ...trustKey(device.userId, device.deviceId),
    ...plain({
      trust_id: device.id,
      user_id: device.userId,
      device_id: device.deviceId,
      auth_epoch: device.authEpoch,
      ip: device.ip,
      user_agent: device.userAgent,
      created_at: device.createdAt,
      expires_at: device.expiresAt,
    }),
  };
}

/** Where the trust in a device of a user is. */
export function trustKey(userId: string, deviceId: string): Pick<TrustedDeviceDocument, '_id'> {
  const { user, device } = plain({ user: userId, device: deviceId });
  return { _id: `${user}/${device}` };
}

/** The trust in a document. */
export function trustedDeviceFrom(document: TrustedDeviceDocument): TrustedDevice {
  const { trust_id: id, user_id: userId, device_id: deviceId, auth_epoch: authEpoch } = document;
  const { ip, user_agent: userAgent, created_at: createdAt, expires_at: expiresAt } = document;
  return { id, userId, authEpoch, deviceId, ip, userAgent, createdAt, expiresAt };
}

/** A message as it waits in a user's document. */
export function intentDocument(message: OutboxMessage): IntentDocument {
  return plain({
    _id: message.id,
    kind: message.kind,
    recipient: message.recipient,
    challenge_id: message.challengeId,
    sealed_body: message.sealedBody,
    created_at: message.createdAt,
  });
}

/** A message as it enters the outbox: due at once. */
export function queuedDocument(intent: IntentDocument): OutboxDocument {
  const due_at = intent.created_at;
  return { ...intent, state: 'queued', attempts: 0, last_error: null, due_at, sent_at: null };
}

/** The message in the document of one that was won by a lease. */
export function leasedFrom(document: OutboxDocument, leaseId: string): LeasedMessage {
  return {
    id: document._id,
    kind: document.kind,
    recipient: document.recipient,
    challengeId: document.challenge_id,
    sealedBody: document.sealed_body,
    createdAt: document.created_at,
    leaseId,
    attempts: document.attempts,
  };
}

/** The document of something that happened. */
export function auditDocument(record: AuditRecord): AuditDocument {
  return plain({
    _id: record.id,
    at: record.at,
    kind: record.kind,
    actor: record.actor,
    target: record.target,
    ip: record.ip,
    result: record.result,
    reason: record.reason,
    request_id: record.requestId,
  });
}

/** What happened, in a document. */
export function auditFrom(document: AuditDocument): AuditRecord {
  const { _id: id, at, kind, ip, result, reason } = document;
  const { actor, target, request_id: requestId } = document;
  return { id, at, kind, actor, target, ip, result, reason, requestId };
}
