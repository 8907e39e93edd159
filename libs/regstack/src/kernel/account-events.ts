import type { RegStackUser } from './regstack-user';

/** What happened to a user. Published after commit; carries the public user, never a secret. */
export abstract class AccountEvent {
  /** Dotted name, `user.past_tense`: what `@OnEvent()` listens to. */
  abstract readonly name: string;
}

/** A user came to be: at the proof of the address, or at once where no proof is required. */
export class UserRegisteredEvent extends AccountEvent {
  override readonly name = 'user.registered';
  constructor(readonly user: RegStackUser) {
    super();
  }
}

/** Somebody proved to read mail at the user's address. */
export class UserVerifiedEvent extends AccountEvent {
  override readonly name = 'user.verified';
  constructor(readonly user: RegStackUser) {
    super();
  }
}

/** A session was opened. */
export class UserLoggedInEvent extends AccountEvent {
  override readonly name = 'user.logged_in';
  constructor(
    readonly user: RegStackUser,
    /** What the user proved. */
    readonly proofs: readonly SignInProof[],
  ) {
    super();
  }
}

/** A sign-in was refused. */
export class UserLoginFailedEvent extends AccountEvent {
  override readonly name = 'user.login_failed';
  constructor(
    /** Null when the address is unknown. */
    readonly user: RegStackUser | null,
  ) {
    super();
  }
}

/** The last attempt of a window was wasted: the address is locked until the window ends. */
export class UserLockedOutEvent extends AccountEvent {
  override readonly name = 'user.locked_out';
  constructor(readonly user: RegStackUser) {
    super();
  }
}

/** A session was ended by its user. */
export class UserLoggedOutEvent extends AccountEvent {
  override readonly name = 'user.logged_out';
  constructor(readonly user: RegStackUser) {
    super();
  }
}

/** The password was changed; every session has ended. */
export class UserPasswordChangedEvent extends AccountEvent {
  override readonly name = 'user.password_changed';
  constructor(readonly user: RegStackUser) {
    super();
  }
}

/** The account was disabled; every session has ended. */
export class UserDisabledEvent extends AccountEvent {
  override readonly name = 'user.disabled';
  constructor(readonly user: RegStackUser) {
    super();
  }
}

/** A way in which a user proved to be who they are. */
export type SignInProof = 'password';
