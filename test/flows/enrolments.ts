import { MfaService, UsersService } from '@regstack/nestjs';
import { Store } from '@regstack/nestjs/testing';
import { PASSWORD } from '../support/demo';
import type { Answer } from './answers';
import { aNumber, type AppMember, Factors, type PhoneMember } from './factors';
import { type Head, type Member, someone } from './scene';

/** Who asks: a session, and the password of its user. */
export type Asker = Pick<Member, 'token' | 'password'>;

type Users = Store['users'];
type CredentialChanges = Parameters<Users['changeCredentials']>[2];

/** Somebody with both factors. */
export type FullMember = AppMember & PhoneMember;

/** Who has an account, and whose sign-in may wait. */
export type Owner = Pick<Member, 'email' | 'password'>;

/** Codes that no factor ever shows: of none of their forms, and in that of a recovery code. */
export const NO_CODE = 'none';
export const NO_RECOVERY_CODE = 'aaaa-aaaa-aaaa-aaaa-aaaa-aaaa';

/** Enrolments and removals step by step, for those that are refused as well. */
export class Enrolments extends Factors {
  startPhone(asker: Asker, phone_number: string, more: object = {}): Promise<Answer> {
    return this.scene.post('/phone/start', { phone_number, ...passwordOf(asker), ...more }, headOf(asker));
  }

  confirmPhone(asker: Head, pending_token: string, code: string, more: object = {}): Promise<Answer> {
    return this.scene.post('/phone/confirm', { pending_token, code, ...more }, headOf(asker));
  }

  startApp(asker: Asker, more: object = {}): Promise<Answer> {
    return this.scene.post('/mfa/totp/start', { ...passwordOf(asker), ...more }, headOf(asker));
  }

  confirmApp(asker: Head, pending_token: string, code: string, more: object = {}): Promise<Answer> {
    return this.scene.post('/mfa/totp/confirm', { pending_token, code, ...more }, headOf(asker));
  }

  /** Asks for a code by SMS as proof. */
  challenge(asker: Head): Promise<Answer> {
    return this.scene.post('/mfa/challenge', undefined, headOf(asker));
  }

  newRecoveryCodes(asker: Asker, more: object = {}): Promise<Answer> {
    return this.scene.post('/mfa/recovery-codes', { ...passwordOf(asker), ...more }, headOf(asker));
  }

  removePhone(asker: Asker, more: object = {}): Promise<Answer> {
    return this.scene.delete('/phone', { ...passwordOf(asker), ...more }, headOf(asker));
  }

  removeApp(asker: Asker, more: object = {}): Promise<Answer> {
    return this.scene.delete('/mfa/totp', { ...passwordOf(asker), ...more }, headOf(asker));
  }

  /** What else takes the password and a code, by its path. */
  prove(path: string, asker: Asker, more: object = {}): Promise<Answer> {
    return this.scene.post(path, { ...passwordOf(asker), ...more }, headOf(asker));
  }

  /** The code of the next time step, once it has come. */
  nextCode({ secret }: Pick<AppMember, 'secret'>): string {
    this.scene.advance(30);
    return this.code(secret);
  }

  /** Another session of somebody with a factor, by a code that is right. */
  async signIn<T extends Member>(member: T, code: string | (() => Promise<string>), head?: Head): Promise<T> {
    const token = await this.begin(member, head);
    const { json, text, cookies } = await this.confirm(
      token,
      typeof code === 'string' ? code : await code(),
      {},
      head,
    );
    if (json.access_token === undefined) throw new Error(`not signed in: ${text}`);
    return { ...member, token: json.access_token as string, deviceCookie: cookies[0]! };
  }

  /** Somebody with an app and a number. */
  async enrolBoth(member: Member): Promise<FullMember> {
    const app = await this.enrolApp(member);
    return { ...app, ...(await this.enrolPhone(app, aNumber(), { code: this.code(app.secret) })) };
  }

  /** Somebody with a proved address who has never signed in. */
  async owner(email = someone()): Promise<Owner> {
    await this.scene.register(email);
    await this.scene.verify(await this.scene.tokenTo(email));
    return { email, password: PASSWORD };
  }

  /** Somebody who has a factor because the policy asks for one. */
  async required(owner: Owner, head?: Head): Promise<AppMember> {
    const mfa_pending_token = await this.begin({ ...owner, token: '', deviceCookie: '' }, head);
    const { json: setup } = await this.scene.post('/mfa/totp/start', { mfa_pending_token }, head);
    const { secret, pending_token } = setup as { secret: string; pending_token: string };
    const body = { mfa_pending_token, pending_token, code: this.code(secret) };
    const { json, text, cookies } = await this.scene.post('/mfa/totp/confirm', body, head);
    if (json.recovery_codes === undefined) throw new Error(`not enrolled: ${text}`);
    this.scene.advance(30);
    const recoveryCodes = json.recovery_codes as string[];
    return { ...owner, token: json.access_token as string, deviceCookie: cookies[0]!, secret, recoveryCodes };
  }

  /** What an operator writes into the row of a user, by hand. */
  async byHand(email: string, changes: CredentialChanges): Promise<void> {
    const { users } = this.scene.stage.host.app.get(Store, { strict: false });
    const { id, authEpoch } = (await users.findForLogin(email as Parameters<Users['findForLogin']>[0]))!;
    if (!(await users.changeCredentials(id, authEpoch, changes, []))) throw new Error('not written');
  }

  /** The id of whoever has the address. */
  async idAt(email: string): Promise<string> {
    return (await this.users.findByEmail(email))!.id;
  }

  /** The host enables an account that it has disabled. */
  async enableByHost(email: string): Promise<void> {
    await this.users.enable(await this.idAt(email));
  }

  private get users(): UsersService {
    return this.scene.stage.host.app.get(UsersService, { strict: false });
  }

  /** The service of the host. */
  get service(): MfaService {
    return this.scene.stage.host.app.get(MfaService, { strict: false });
  }

  /** The methods that a sign-in could go on by; null where it waits for nothing. */
  async methodsOf({ email, password }: Pick<Member, 'email' | 'password'>): Promise<string[] | null> {
    const { json } = await this.scene.login(email, password);
    return json.status === 'mfa_required' ? (json.methods as string[]) : null;
  }
}

const passwordOf = ({ password }: Asker) => ({ current_password: password });

/** Without the cookie of the device: the session is enough. */
const headOf = ({ token }: Head): Head => (token === undefined ? {} : { token });
