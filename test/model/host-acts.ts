import { randomUUID } from 'node:crypto';
import type { PasswordHasher as Hasher } from '@regstack/nestjs';
import { PasswordHasher, UsersService } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';
import type { Scene } from '../flows/scene';
import type { Reply } from './terms';

/** As the code of a host does. */
export async function setActive({ stage }: Scene, email: string, isActive: boolean): Promise<Reply> {
  const users = stage.host.app.get(UsersService, { strict: false });
  const user = await users.findByEmail(email);
  const changed = user && (await (isActive ? users.enable(user.id) : users.disable(user.id)));
  return { status: changed ? 200 : 404 };
}

/** As an administrator's tool writes it. */
export async function create({ stage }: Scene, email: string, password: string): Promise<Reply> {
  const { app } = stage.host;
  const passwordHash = await app.get<Hasher>(PasswordHasher, { strict: false }).hash(password);
  const user = {
    id: randomUUID(),
    email,
    passwordHash,
    fullName: null,
    isVerified: false,
    isSuperuser: false,
    attributes: {},
  };
  const createdAt = stage.clock.now();
  const created = app.get(Store, { strict: false }).users.create({ ...user, createdAt } as never);
  return created.then(
    () => ({ status: 201 }),
    (error: Error) => ({ status: error.name === 'EmailTakenError' ? 409 : 500 }),
  );
}

/** Sets a factor on an account whose address nobody has proved, as a thief would. */
export async function plant({ stage }: Scene, email: string, number: string): Promise<Reply> {
  const { users } = stage.host.app.get(Store, { strict: false });
  const user = await users.findForLogin(email as never);
  if (!user || user.isVerified || !user.isActive) return { status: 404 };
  await users.changeCredentials(user.id, user.authEpoch, { phoneNumber: number, isMfaEnabled: true }, []);
  return { status: 200 };
}
