import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { PasswordHasher } from '@regstack/nestjs';
import { addressOf, PASSWORD } from '../accounts';

/** Stores verified accounts through the repository; one hash serves all of them. */
export async function seedAccounts(app: INestApplication, group: string, count: number): Promise<void> {
  // Loaded here, because only a host that is seeded needs the testing door.
  const { Store } = await import('@regstack/nestjs/testing');
  const { users } = app.get(Store);
  type NewUser = Parameters<typeof users.create>[0];
  const passwordHash = await app.get(PasswordHasher).hash(PASSWORD);
  for (let n = 0; n < count; n++) {
    const email = addressOf(group, n) as NewUser['email'];
    const rest = { passwordHash, fullName: 'A. Person', isVerified: true, createdAt: new Date() };
    await users.create({ id: randomUUID(), email, ...rest });
  }
}
