import { type RegStackUser, UsersService } from '@regstack/nestjs';
import type { INestApplicationContext } from '@nestjs/common';
import { printable } from '../printable';
import { Refusal } from '../refusal';

/**
 * The user with this address or id.
 * @throws Refusal where there is none
 */
export async function namedUser(app: INestApplicationContext, name: string): Promise<RegStackUser> {
  const users = app.get<UsersService>(UsersService);
  const user = await (name.includes('@') ? users.findByEmail(name) : users.findById(name));
  if (user) return user;
  throw new Refusal(
    `there is no account ${printable(name)}; regstack users list --search TEXT finds accounts`,
  );
}
