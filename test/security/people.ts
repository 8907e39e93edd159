import { randomUUID } from 'node:crypto';
import { loadRegStackConfig } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import type { Demo } from '../support/demo';
import type { Person } from './draft';

type Changing = { -readonly [K in keyof Person]: Person[K] };
type NewUser = Parameters<Store['users']['create']>[0];
type Address = NewUser['email'];
type Made = Pick<NewUser, 'id' | 'isVerified' | 'isSuperuser'> & { readonly email: string };

/** People of each kind. */
const MEMBERS = 8;
const ADMINS = 4;

/**
 * Those who are signed in during a run. Requests that come through sign them out, disable or delete them, or take an admin's rights:
 * then they sign in again, or somebody else takes their place. Accounts are made in the database, since no route makes an admin.
 */
export class People {
  readonly all: readonly Person[];
  /** Id of somebody who has not proved the address yet. */
  readonly unproved = randomUUID();
  /** How often somebody had to be made again. */
  made = 0;
  /** Names of the cookies of a sign-in. */
  readonly cookies = new Set<string>();
  private readonly slots: readonly Changing[];
  private checking: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly demo: Demo,
    private readonly store: Store,
    private readonly first: { readonly email: string; readonly password: string; readonly hash: string },
  ) {
    const slot = (isAdmin: boolean): Changing => ({
      email: '',
      password: first.password,
      isAdmin,
      id: '',
      sessionId: '',
      token: '',
      cookie: '',
    });
    this.slots = Array.from({ length: MEMBERS + ADMINS }, (_, n) => slot(n >= MEMBERS));
    this.all = this.slots;
  }

  /** @param first somebody with an account, whose password all the others have too */
  static async gather(
    demo: Demo,
    databaseUrl: string,
    first: { readonly email: string; readonly password: string },
  ): Promise<People> {
    const settings = loadRegStackConfig(
      { databaseUrl, autoMigrate: false, jwtSecret: 'x'.repeat(32) },
      { env: {} },
    );
    const store = await openStore(settings);
    const { passwordHash } = (await store.users.findForLogin(first.email as Address))!;
    const people = new People(demo, store, { ...first, hash: passwordHash! });
    for (const slot of people.slots) await people.replace(slot);
    const email = first.email.replace('@', '.unproved@');
    await people.create({ id: people.unproved, email, isVerified: false, isSuperuser: false });
    return people;
  }

  /** Sees to it that somebody can act again. */
  async check(person: Person): Promise<void> {
    const slot = this.slots.find((one) => one === person);
    if (slot) await (this.checking = this.checking.then(() => this.revive(slot)));
  }

  close(): Promise<void> {
    return this.store.close();
  }

  private async revive(slot: Changing): Promise<void> {
    if (await this.isWell(slot)) return;
    if (!(await this.signIn(slot))) await this.replace(slot);
  }

  private async isWell({ token, cookie, isAdmin }: Changing): Promise<boolean> {
    const me = await this.demo.call('GET', '/me', undefined, { token });
    if (me.status !== 200 || (isAdmin && me.json.is_superuser !== true)) return false;
    return (await this.demo.call('GET', '/me', undefined, { headers: { cookie } })).status === 200;
  }

  /** False for somebody who cannot come in again, or has lost what they were. */
  private async signIn(slot: Changing): Promise<boolean> {
    const { email, password, isAdmin } = slot;
    const byToken = await this.demo.call('POST', '/login', { email, password });
    const byCookie = await this.demo.call('POST', '/login?transport=cookie', { email, password });
    if (byToken.status !== 200 || byCookie.status !== 200) return false;
    const token = byToken.json.access_token as string;
    const cookies = byCookie.headers.getSetCookie().map((one) => one.split(';', 1)[0]!);
    const cookie = cookies.find((one) => one.includes('session='))!;
    for (const one of cookies) this.cookies.add(one.split('=', 1)[0]!);
    const { sub, jti } = claimsOf(token);
    Object.assign(slot, { token, cookie, id: sub, sessionId: jti });
    return !isAdmin || (await this.demo.call('GET', '/admin/stats', undefined, { token })).status === 200;
  }

  private async replace(slot: Changing): Promise<void> {
    this.made += 1;
    slot.email = this.first.email.replace('@', `.${this.made}@`);
    await this.create({ id: randomUUID(), email: slot.email, isVerified: true, isSuperuser: slot.isAdmin });
    if (!(await this.signIn(slot))) throw new Error(`${slot.email} cannot sign in`);
  }

  private async create({ email, ...user }: Made): Promise<void> {
    const { hash: passwordHash } = this.first;
    const more = { passwordHash, fullName: 'Ann Example', attributes: {}, createdAt: new Date() };
    await this.store.users.create({ ...user, ...more, email: email as Address });
  }
}

function claimsOf(token: string): { readonly sub: string; readonly jti: string } {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
    sub: string;
    jti: string;
  };
}
