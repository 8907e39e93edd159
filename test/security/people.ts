import { randomUUID } from 'node:crypto';
import { loadRegStackConfig } from '@regstack/nestjs';
import { openStore, type Store } from '@regstack/nestjs/testing';
import type { Demo } from '../support/demo';
import type { Person, Waiting } from './draft';
import { beginApp, beginPhone, enrolApp, wait } from './second-factors';

type Changing = { -readonly [K in keyof Person]: Person[K] };
type NewUser = Parameters<Store['users']['create']>[0];
type Address = NewUser['email'];
type Made = Pick<NewUser, 'id' | 'isVerified' | 'isSuperuser'> & { readonly email: string };

/** People of each kind. */
const MEMBERS = 8;
const ADMINS = 4;
/** Every which of them has a second factor. */
const FACTORED = 3;
/** Sign-ins that wait: users of each kind, and tokens of each of the first. */
const [WAITING, TOKENS] = [15, 10];

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
  private used = 0;
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
      forms: { bearer: '', cookie: '' },
      codes: [],
      app: null,
      phone: null,
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
  async check(person: Person, isSpent = false): Promise<void> {
    const slot = this.slots.find((one) => one === person);
    if (!slot) return;
    const { id } = slot;
    // Several requests of one person may come to the same at a time.
    const again = async () => slot.id === id && (await (isSpent ? this.replace(slot) : this.revive(slot)));
    await (this.checking = this.checking.then(again));
  }

  /** Sign-ins that wait for a second factor, or for the enrolment of one, of people who are nobody else. */
  async waiting(): Promise<readonly Waiting[]> {
    const all: Waiting[] = [];
    for (let n = 0; n < WAITING; n += 1) {
      const [one, other] = [await this.newUser(`waits.${n}`), await this.newUser(`enrols.${n}`)];
      const login = { email: one.email, password: this.first.password };
      const { json } = await this.demo.call('POST', '/login', login);
      const [proof, session] = [{ current_password: login.password }, json.access_token as string];
      const [code, ...codes] = await enrolApp(this.demo, proof, session);
      if (n % 2 === 0) await this.enrolPhone({ ...proof, code }, session);
      for (let m = 0; m < TOKENS; m += 1)
        all.push({ kind: 'sign-in', token: await wait(this.store, 'sign-in', one.id), codes, setup: null });
      const token = await wait(this.store, 'enrolment', other.id);
      const setup = await beginApp(this.demo, { mfa_pending_token: token });
      all.push({ kind: 'enrolment', token, codes: [], setup });
    }
    return all;
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
    const byToken = await this.login('/login', slot);
    const byCookie = await this.login('/login?transport=cookie', slot);
    if (byToken.json?.access_token === undefined || byCookie.status !== 200) return false;
    const token = byToken.json.access_token as string;
    const cookies = byCookie.headers.getSetCookie().map((one) => one.split(';', 1)[0]!);
    const cookie = cookies.find((one) => one.includes('session='))!;
    for (const one of cookies) this.cookies.add(one.split('=', 1)[0]!);
    const { sub, jti } = claimsOf(token);
    const forms = {
      bearer: await formTokenOf(this.demo, '/account/me', { authorization: `Bearer ${token}` }),
      cookie: await formTokenOf(this.demo, '/account/me', { cookie }),
    };
    Object.assign(slot, { token, cookie, forms, id: sub, sessionId: jti });
    return (
      !slot.isAdmin || (await this.demo.call('GET', '/admin/stats', undefined, { token })).status === 200
    );
  }

  /** By a recovery code where there is a second factor. */
  private async login(path: string, { email, password, codes }: Changing) {
    const answer = await this.demo.call('POST', path, { email, password });
    const { mfa_pending_token } = (answer.json ?? {}) as { mfa_pending_token?: string };
    if (mfa_pending_token === undefined) return answer;
    const code = codes[this.used++ % codes.length] ?? 'none';
    return this.demo.call('POST', '/login/mfa-confirm', { mfa_pending_token, code });
  }

  /** What a request about second factors needs: recovery codes of an app, or enrolments that have begun. */
  private async equip(slot: Changing, isFactored: boolean): Promise<void> {
    const proof = { current_password: slot.password };
    Object.assign(slot, { codes: [], app: null, phone: null });
    if (isFactored) {
      const [code, ...codes] = await enrolApp(this.demo, proof, slot.token);
      await this.enrolPhone({ ...proof, code }, slot.token);
      slot.codes = codes;
    } else {
      slot.app = await beginApp(this.demo, proof, slot.token);
      slot.phone = await beginPhone(this.demo, proof, slot.token);
    }
  }

  private async enrolPhone(proof: object, token: string): Promise<void> {
    const { token: pending_token, code } = await beginPhone(this.demo, proof, token);
    await this.demo.call('POST', '/phone/confirm', { pending_token, code: code() }, { token });
  }

  private async replace(slot: Changing): Promise<void> {
    this.made += 1;
    const email = this.first.email.replace('@', `.${this.made}@`);
    const next = { ...slot, email, codes: [] };
    await this.create({ id: randomUUID(), email, isVerified: true, isSuperuser: slot.isAdmin });
    if (!(await this.signIn(next))) throw new Error(`${email} cannot sign in`);
    await this.equip(next, this.slots.indexOf(slot) % FACTORED === 0);
    // At once: requests of whoever was there before are under way meanwhile, and must not touch who is not ready yet.
    Object.assign(slot, next);
  }

  private async newUser(name: string): Promise<{ readonly id: string; readonly email: string }> {
    const user = { id: randomUUID(), email: this.first.email.replace('@', `.${name}@`) };
    await this.create({ ...user, isVerified: true, isSuperuser: false });
    return user;
  }

  private async create({ email, ...user }: Made): Promise<void> {
    const { hash: passwordHash } = this.first;
    const more = { passwordHash, fullName: 'Ann Example', attributes: {}, createdAt: new Date() };
    await this.store.users.create({ ...user, ...more, email: email as Address });
  }
}

/** The token of the forms on a page. */
async function formTokenOf(demo: Demo, path: string, headers: Record<string, string>): Promise<string> {
  const page = await fetch(demo.url + path, { headers, redirect: 'manual' });
  return formTokenIn(await page.text());
}

/** The token of the first form of a page, or none. */
export const formTokenIn = (html: string): string =>
  /name="form_token" value="([\w-]{43})"/.exec(html)?.[1] ?? '';

function claimsOf(token: string): { readonly sub: string; readonly jti: string } {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
    sub: string;
    jti: string;
  };
}
