import type { RegStackUser, UserAttributes } from '../kernel/regstack-user';

/** Marks a veto, whichever copy of this package made it. */
const VETO = Symbol.for('regstack.veto');

/** The app says no to what somebody wants to do. Returned or thrown, it is the same. */
export class Veto {
  readonly [VETO] = true;

  /** @param message shown to whoever asked: a sentence that tells nothing about who has an account */
  constructor(readonly message: string) {}
}

/** Nothing lets it happen, a veto does not. Anything else is a mistake, and lets nothing happen. */
export type HookAnswer = Veto | null | undefined | void;

/** True for a veto, of whichever copy of this package. */
export function isVeto(answer: unknown): answer is Veto {
  return typeof answer === 'object' && answer !== null && VETO in answer;
}

/** What a stranger wants to register. */
export interface RegistrationAttempt {
  /** Canonical address; may have an account already. */
  readonly email: string;
  readonly fullName: string | null;
  readonly attributes: UserAttributes;
  readonly ip: string | null;
}

/** An address that somebody wants to sign in with. Nobody has looked whose it is. */
export interface SignInAttempt {
  /** Canonical address. */
  readonly email: string;
  readonly ip: string | null;
}

/** An account that is about to be deleted. */
export interface DeletionAttempt {
  readonly user: RegStackUser;
  /** Id of who deletes it, the user or an admin; null for the app's own code. */
  readonly by: string | null;
  readonly ip: string | null;
}

/**
 * What the app has to say before something happens: `{ provide: AccountHooks, useClass: MyHooks }` among the `providers` of the module.
 * A {@link Veto} is answered with 403 `hook.refused` and its message. Registration and sign-in ask before anybody is looked up, so a veto
 * is the same for known and unknown addresses. A hook that throws, or takes longer than {@link HOOK_SECONDS}, lets nothing pass.
 */
export abstract class AccountHooks {
  /** Before an attempt to register is stored, and before its password is hashed. */
  beforeRegister?(attempt: RegistrationAttempt): HookAnswer | Promise<HookAnswer>;

  /** Before the password of a sign-in is looked at, and before the attempt counts. */
  beforeSignIn?(attempt: SignInAttempt): HookAnswer | Promise<HookAnswer>;

  /** Before an account is deleted, by its owner (whose password was right) or by an admin. */
  beforeDelete?(attempt: DeletionAttempt): HookAnswer | Promise<HookAnswer>;
}

/** Time that a hook has. */
export const HOOK_SECONDS = 5;

/** An app without hooks. */
export class NoHooks extends AccountHooks {}
