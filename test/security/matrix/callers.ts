import { type AccountKind, addressOf, type Ground } from './ground';
import { signedAnew } from './forgeries';
import { STRANGERS } from './strangers';
import type { Asker, Standing } from './table';

/** Headers of a request. */
export type Headers = Readonly<Record<string, string>>;

/** Somebody who asks, always with the same headers. */
export interface Caller extends Asker {
  readonly name: string;
  /** As whom routes see the caller; null for a stranger. */
  readonly email: string | null;
  readonly headers: Headers;
  /** Sessions of a like account, for requests that end the one they come with. */
  readonly spares: Headers[];
}

/** What a browser says of where a request comes from. */
const FROM = {
  ownPage: { 'Sec-Fetch-Site': 'same-origin' },
  ownOrigin: { Origin: 'http://localhost:3000' },
  sameSite: { 'Sec-Fetch-Site': 'same-site', Origin: 'http://shop.localhost:3000' },
  anotherSite: { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' },
  nowhere: {},
} as const;

/** Accounts by what they are to the rules; freshness is a matter of when they signed in. */
const KINDS: Readonly<Record<Exclude<Standing, 'stranger'>, AccountKind>> = {
  user: { roles: ['reader'] },
  'stale user': {},
  editor: { roles: ['editor'] },
  admin: { isAdmin: true },
  'stale admin': { isAdmin: true },
};

/** Somebody with a live session. */
interface Member {
  readonly name: string;
  readonly standing: Exclude<Standing, 'stranger'>;
  /** By cookie, from there; by bearer token otherwise. */
  readonly from?: keyof typeof FROM;
  readonly change?: (token: string) => string;
}

const MEMBERS: readonly Member[] = [
  { name: 'user with an old session', standing: 'stale user' },
  { name: 'admin with an old session', standing: 'stale admin' },
  { name: 'user', standing: 'user' },
  // So that a forged token is refused for what is wrong with it, and not because we cannot sign.
  { name: 'user with a token that we have signed anew', standing: 'user', change: signedAnew },
  { name: 'editor', standing: 'editor' },
  { name: 'admin', standing: 'admin' },
  { name: 'user by cookie from an own page', standing: 'user', from: 'ownPage' },
  { name: 'user by cookie from an own page of an older browser', standing: 'user', from: 'ownOrigin' },
  { name: 'user by cookie from another host of the site', standing: 'user', from: 'sameSite' },
  { name: 'user by cookie from another site', standing: 'user', from: 'anotherSite' },
  { name: 'user by cookie from nowhere', standing: 'user', from: 'nowhere' },
  { name: 'admin by cookie from an own page', standing: 'admin', from: 'ownPage' },
  { name: 'admin by cookie from another site', standing: 'admin', from: 'anotherSite' },
];

/** From when on sessions of now are too old for what asks for a fresh one, and until when they live; seconds. */
const OLD = 901;
const TTL = 7200;

/** Who is to come. */
export interface Invitation {
  /** How many sessions each member may end. */
  readonly spares: number;
  /** By name; everybody where it is missing. */
  readonly isAsked?: (name: string) => boolean;
}

/**
 * Brings everybody to the door. Each has an account and a session of their own, so that what one may do harms no other, and all that
 * is wrong with a token is the one thing that its name says.
 */
export async function callersOf(
  ground: Ground,
  { spares, isAsked = () => true }: Invitation,
): Promise<readonly Caller[]> {
  const members = MEMBERS.filter(({ name }) => isAsked(name));
  const strangers = STRANGERS.filter(({ name }) => isAsked(name));
  const olds = members.filter(({ standing }) => standing.startsWith('stale'));
  const others = members.filter((member) => !olds.includes(member));
  const callers: Caller[] = [];
  const invite = async (newStrangers: typeof STRANGERS, newMembers: readonly Member[]): Promise<void> => {
    for (const { name, isFromOwnPage = false, isByCookie = false, headersOf } of newStrangers) {
      const headers = await headersOf(ground, name);
      callers.push({
        name,
        standing: 'stranger',
        email: null,
        isByCookie,
        isFromOwnPage,
        headers,
        spares: [],
      });
    }
    for (const member of newMembers) callers.push(await memberOf(ground, member, spares));
  };
  await invite(
    strangers.filter(({ isEarly }) => isEarly),
    [],
  );
  ground.clock.advance(TTL - OLD + 1);
  await invite([], olds);
  ground.clock.advance(OLD);
  await invite(
    strangers.filter(({ isEarly }) => !isEarly),
    others,
  );
  return callers;
}

async function memberOf(
  ground: Ground,
  { name, standing, from, change = (token) => token }: Member,
  spares: number,
): Promise<Caller> {
  const enter = async (account: string, sessions: number): Promise<Headers[]> => {
    await ground.account(account, KINDS[standing]);
    const found: Headers[] = [];
    while (found.length < sessions) {
      const pass = await ground.signIn(account, from ? 'cookie' : 'bearer');
      found.push(
        from ? { Cookie: pass.cookie, ...FROM[from] } : { Authorization: `Bearer ${change(pass.token)}` },
      );
    }
    return found;
  };
  const [headers] = await enter(name, 1);
  return {
    name,
    standing,
    email: addressOf(name),
    isByCookie: from !== undefined,
    isFromOwnPage: from === 'ownPage' || from === 'ownOrigin',
    headers: headers!,
    spares: await enter(`spare ${name}`, spares),
  };
}
