import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { PasswordHasher } from '@regstack/nestjs';
import { addressOf, PASSWORD } from '../accounts';
import type { SeedState } from './protocol';

const DAY_MS = 86_400_000;

/** Stores accounts, or attempts to register, through the repositories; one hash serves all of them. */
export async function seedAccounts(
  app: INestApplication,
  group: string,
  count: number,
  state: SeedState,
): Promise<void> {
  // Loaded here, because only a host that is seeded needs the testing door.
  const { Store } = await import('@regstack/nestjs/testing');
  const { users, accounts, pendingRegistrations } = app.get(Store);
  type NewUser = Parameters<typeof users.create>[0];
  const passwordHash = await app.get(PasswordHasher).hash(PASSWORD);
  for (let n = 0; n < count; n++) {
    const email = addressOf(group, n) as NewUser['email'];
    const [id, createdAt] = [randomUUID(), new Date()];
    const person = { id, email, passwordHash, fullName: 'A. Person', attributes: {}, createdAt };
    if (state === 'attempt') {
      const expiresAt = new Date(createdAt.getTime() + DAY_MS);
      const challenge = { id: randomUUID(), kind: 'registration', subjectId: id, tokenHash: id } as const;
      const nothing = { authEpoch: null, userId: null, email: null, phoneNumber: null, payload: null };
      const link = { ...challenge, ...nothing, createdAt, expiresAt };
      // A mail whose challenge is nowhere: none is sent for what is seeded.
      const mail = { id, kind: 'seed', recipient: email, challengeId: email, sealedBody: '', createdAt };
      await pendingRegistrations.add({ ...person, userId: randomUUID(), expiresAt }, link, mail);
    } else {
      await users.create({ ...person, isVerified: state !== 'unverified', isSuperuser: false });
      if (state === 'disabled') await accounts.changeAccount(id, { isActive: false });
    }
  }
}
