import { UsersService } from '@regstack/nestjs';
import { PASSWORD } from '../../support/demo';
import { signedAnew, unsigned, withOtherClaims, withOtherSignature } from './forgeries';
import { addressOf, type Ground, type Pass } from './ground';

type Headers = Readonly<Record<string, string>>;

/** Somebody whom every guarded route sends away. */
interface Stranger {
  readonly name: string;
  /** Comes before the clock moves on. */
  readonly isEarly?: boolean;
  readonly isByCookie?: boolean;
  readonly isFromOwnPage?: boolean;
  readonly headersOf: (ground: Ground, name: string) => Headers | Promise<Headers>;
}

const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });
const OWN_PAGE = { 'Sec-Fetch-Site': 'same-origin' };

/** Signs in to a new account of this name. */
async function newcomer(ground: Ground, name: string, transport?: 'cookie'): Promise<Pass> {
  await ground.account(name);
  return ground.signIn(name, transport);
}

/** What came of a good token. */
const spoilt =
  (spoil: (token: string, ground: Ground, name: string) => string | Promise<string>) =>
  async (ground: Ground, name: string): Promise<Headers> =>
    bearer(await spoil((await newcomer(ground, name)).token, ground, name));

/** A token of an app that differs in this. */
const of =
  (options: { readonly jwtAudience?: string; readonly name?: string }) =>
  async (ground: Ground, name: string): Promise<Headers> => {
    await ground.account(name);
    return bearer((await ground.beside(options, (other) => other.signIn(name))).token);
  };

async function idOf(ground: Ground, name: string): Promise<string> {
  return (await ground.host.app.get(UsersService, { strict: false }).findByEmail(addressOf(name)))!.id;
}

/** Of each the session is alive, in so far as its name does not say otherwise. */
export const STRANGERS: readonly Stranger[] = [
  { name: 'nobody', headersOf: () => ({}) },
  { name: 'text that is no token', headersOf: () => bearer('not-a-token') },
  { name: 'an empty bearer token', headersOf: () => ({ Authorization: 'Bearer ' }) },
  {
    name: 'Basic with the right password',
    headersOf: async (ground, name) => {
      await ground.account(name);
      return { Authorization: `Basic ${Buffer.from(`${addressOf(name)}:${PASSWORD}`).toString('base64')}` };
    },
  },
  { name: 'an expired session', isEarly: true, headersOf: spoilt((token) => token) },
  {
    name: 'a session that was signed out',
    headersOf: spoilt(async (token, { host }) => {
      await host.call('POST', '/api/auth/logout', undefined, token);
      return token;
    }),
  },
  {
    name: 'a token for a cookie as a bearer token',
    headersOf: async (ground, name) => bearer((await newcomer(ground, name, 'cookie')).token),
  },
  {
    name: 'a bearer token in a cookie',
    isByCookie: true,
    isFromOwnPage: true,
    headersOf: async (ground, name) => {
      const { token } = await newcomer(ground, name);
      return { ...OWN_PAGE, Cookie: `regstack-session=${token}` };
    },
  },
  {
    name: 'a bad token beside a good cookie',
    isFromOwnPage: true,
    headersOf: async (ground, name) => {
      const { cookie } = await newcomer(ground, name, 'cookie');
      return { ...OWN_PAGE, ...bearer('not-a-token'), Cookie: cookie };
    },
  },
  {
    name: 'the token of a device',
    headersOf: async (ground, name) => bearer((await newcomer(ground, name)).deviceToken),
  },
  {
    name: 'a token of another purpose',
    headersOf: spoilt((token) => signedAnew(token, { purpose: 'mfa-pending' })),
  },
  {
    name: 'somebody who waits for the second step',
    headersOf: async (ground, name) => {
      await ground.account(name);
      // What cannot be enrolled here any more is asked for all the same.
      await ground.beside({ enableTotp: true }, (other) => other.enrolApp(name));
      return bearer(await ground.begin(name));
    },
  },
  {
    name: 'somebody who waits for enrolment',
    headersOf: async (ground, name) => {
      await ground.account(name);
      const options = { mfaPolicy: 'required', enableTotp: true } as const;
      return bearer(await ground.beside(options, (other) => other.begin(name)));
    },
  },
  { name: 'a token for another audience', headersOf: of({ jwtAudience: 'elsewhere' }) },
  { name: 'a token of another instance', headersOf: of({ name: 'staff' }) },
  { name: 'a token without a signature', headersOf: spoilt(unsigned) },
  { name: 'a token with another signature', headersOf: spoilt(withOtherSignature) },
  {
    name: 'a token with another subject',
    headersOf: spoilt(async (token, ground) => withOtherClaims(token, { sub: await idOf(ground, 'root') })),
  },
  {
    name: 'a disabled user',
    headersOf: spoilt(async (token, ground, name) => {
      await ground.host.app.get(UsersService, { strict: false }).disable(await idOf(ground, name));
      return token;
    }),
  },
  {
    name: 'a deleted user',
    headersOf: spoilt(async (token, ground, name) => {
      await ground.host.app.get(UsersService, { strict: false }).delete(await idOf(ground, name));
      return token;
    }),
  },
];
