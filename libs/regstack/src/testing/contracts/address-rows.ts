import type { EmailAddress } from '../../kernel/email-address';
import type { Store } from '../../ports/store';
import type { UserRecord } from '../../ports/user.repository';
import { aChallenge, aMessage, anAttempt, aSession, at } from './samples';

const KINDS = ['registration', 'mailbox', 'password-reset', 'email-change'] as const;

/** Rows of every kind about an address, and, where somebody is named, about them. */
export async function rowsAbout(
  store: Store,
  email: EmailAddress,
  user?: Pick<UserRecord, 'id' | 'authEpoch'>,
) {
  const { challenges, pendingRegistrations, sessions, outbox } = store;
  const attempt = anAttempt({ email });
  const link = aChallenge(attempt.id);
  const mailbox = aChallenge(email, { kind: 'mailbox', email });
  await pendingRegistrations.add(attempt, link, aMessage({ recipient: email, challengeId: link.id }));
  await challenges.issue(mailbox, aMessage({ recipient: email, challengeId: mailbox.id }));
  await outbox.enqueue(aMessage({ recipient: email }));
  const links = [link, mailbox];
  const opened = [];
  if (user) {
    const { id, authEpoch } = user;
    for (const kind of ['password-reset', 'email-change'] as const) {
      const challenge = aChallenge(id, { kind, authEpoch });
      await challenges.issue(challenge, aMessage({ recipient: email, challengeId: challenge.id }));
      links.push(challenge);
    }
    opened.push(aSession(id, { authEpoch }), aSession(id, { authEpoch }));
    for (const session of opened) await sessions.open(session);
  }
  return { attempt, links, sessions: opened, messages: links.length + 1 };
}

/** What {@link rowsAbout} stored. */
export type Rows = Awaited<ReturnType<typeof rowsAbout>>;

/** How many of these rows are there still: attempt, links, sessions. */
export async function left(store: Store, { attempt, links, sessions }: Rows): Promise<number> {
  const attempts = await store.pendingRegistrations.findLive(attempt.email, 100, at(5));
  const found = await Promise.all([
    ...links.map(({ tokenHash }) => store.challenges.findLive(KINDS, tokenHash, at(5))),
    ...sessions.map(({ id }) => store.sessions.authenticate(id, at(5))),
  ]);
  return found.filter((one) => one !== null).length + attempts.filter(({ id }) => id === attempt.id).length;
}

/** Whom the messages go to that wait now. Leases them. */
export async function recipients({ outbox }: Store): Promise<string[]> {
  return Array.from(await outbox.lease('mail', 100, 60, at(5)), ({ recipient }) => recipient).toSorted();
}
