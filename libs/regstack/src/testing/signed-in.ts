import type { INestApplicationContext } from '@nestjs/common';
import { Clock } from '../kernel/clock';
import { canonicalEmail } from '../kernel/email-address';
import { newId } from '../kernel/ids';
import type { RegStackUser, UserAttributes } from '../kernel/regstack-user';
import { Store } from '../ports/store';
import { publicUser } from '../services/public-user';
import { SignInService } from '../services/sign-in.service';

/** Who is to be signed in. */
export interface Someone {
  /** Default: an address that nobody has yet. */
  readonly email?: string;
  /** Default: none. */
  readonly fullName?: string | null;
  /** Default: false. */
  readonly isSuperuser?: boolean;
  /** Default: none. */
  readonly roles?: readonly string[];
  /** As they are stored, held to no schema. Default: none. */
  readonly attributes?: UserAttributes;
}

/** Somebody who is signed in. */
export interface SomeoneSignedIn {
  readonly user: RegStackUser;
  /** For the header `Authorization: Bearer …`. */
  readonly accessToken: string;
}

/**
 * Makes an account in an app under test, and signs it in: for tests of the routes behind `RegStackAuthGuard`. Its address is proved, it has no
 * password, and no hook of the app hears of it.
 *
 * @param app the app as the test has started it
 * @throws Error where `mfa_policy` asks this account for a second factor
 */
export async function signedIn(app: INestApplicationContext, who: Someone = {}): Promise<SomeoneSignedIn> {
  const everywhere = { strict: false } as const;
  const store = app.get(Store, everywhere);
  const createdAt = app.get(Clock, everywhere).now();
  const id = newId(createdAt);
  const {
    email = `${id}@example.org`,
    fullName = null,
    isSuperuser = false,
    roles = [],
    attributes = {},
  } = who;
  const address = canonicalEmail(email);
  const account = { id, email: address, passwordHash: null, fullName, isVerified: true, isSuperuser };
  await store.users.create({ ...account, attributes, createdAt });
  if (roles.length > 0) await store.accounts.changeAccount(id, { roles });
  const user = (await store.users.findCredentials(id))!;
  const result = await app.get(SignInService, everywhere).complete(user, ['password']);
  if (result.status !== 'signed_in') throw new Error(`mfa_policy asks ${address} for a second factor`);
  return { user: publicUser(user), accessToken: result.accessToken };
}
