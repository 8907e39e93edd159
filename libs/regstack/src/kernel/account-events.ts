import { RegStackEvent } from './regstack-event';
import type { RegStackUser } from './regstack-user';
import type { MfaFactor, SignInProof } from './sign-in-proof';

/** What happened to a user. Carries the public user. */
export abstract class AccountEvent extends RegStackEvent {
  /** Whom it happened to; null for an address of nobody. */
  abstract readonly user: RegStackUser | null;
}

/** What happened to a user who is known. */
abstract class UserEvent extends AccountEvent {
  constructor(override readonly user: RegStackUser) {
    super();
  }
}

/** A user came to be: at the proof of the address, or at once where no proof is required. */
export class UserRegisteredEvent extends UserEvent {
  override readonly name = 'user.registered';
}

/** Somebody proved to read mail at the user's address. */
export class UserVerifiedEvent extends UserEvent {
  override readonly name = 'user.verified';
}

/** A session was opened. */
export class UserLoggedInEvent extends UserEvent {
  override readonly name = 'user.logged_in';
  constructor(
    user: RegStackUser,
    /** What the user proved. */
    readonly proofs: readonly SignInProof[],
  ) {
    super(user);
  }
}

/** A sign-in was refused: for its password, for the code of its second factor or, with the right password, for the account's status. */
export class UserLoginFailedEvent extends AccountEvent {
  override readonly name = 'user.login_failed';
  constructor(
    /** Null when the address is unknown. */
    override readonly user: RegStackUser | null,
  ) {
    super();
  }
}

/** The last attempt of a window was wasted at a sign-in: strangers, or the known device, are locked out until the window ends. */
export class UserLockedOutEvent extends UserEvent {
  override readonly name = 'user.locked_out';
}

/** A session was ended by its user. */
export class UserLoggedOutEvent extends UserEvent {
  override readonly name = 'user.logged_out';
}

/** The password was changed; every session has ended. */
export class UserPasswordChangedEvent extends UserEvent {
  override readonly name = 'user.password_changed';
}

/** A link that sets a new password was asked for, by whoever typed the address. */
export class UserPasswordResetRequestedEvent extends UserEvent {
  override readonly name = 'user.password_reset_requested';
}

/** A new password was set by a mailed link; every session has ended. */
export class UserPasswordResetCompletedEvent extends UserEvent {
  override readonly name = 'user.password_reset_completed';
}

/** The user asked to move to another address, which is not proved yet. */
export class UserEmailChangeRequestedEvent extends UserEvent {
  override readonly name = 'user.email_change_requested';
}

/** The user has another address, which was proved; every session has ended. */
export class UserEmailChangedEvent extends UserEvent {
  override readonly name = 'user.email_changed';
  constructor(
    user: RegStackUser,
    /** The address before. */
    readonly previousEmail: string,
  ) {
    super(user);
  }
}

/** The address before came back, by the link that was mailed to it; the password is gone and every session has ended. */
export class UserEmailChangeUndoneEvent extends UserEvent {
  override readonly name = 'user.email_change_undone';
}

/** A second factor was enrolled, or took the place of the one before; every session but the one that did it has ended. */
export class UserMfaEnabledEvent extends UserEvent {
  override readonly name = 'user.mfa_enabled';
  constructor(
    user: RegStackUser,
    /** `totp` or `sms`. */
    readonly factor: MfaFactor,
  ) {
    super(user);
  }
}

/** A second factor was removed; whether another one is left, the user tells. Every session but the one that did it has ended. */
export class UserMfaDisabledEvent extends UserEvent {
  override readonly name = 'user.mfa_disabled';
  constructor(
    user: RegStackUser,
    /** Those that were removed. */
    readonly factors: readonly MfaFactor[],
  ) {
    super(user);
  }
}

/** Name or attributes were changed, by the user, by an admin or by the app. */
export class UserProfileUpdatedEvent extends UserEvent {
  override readonly name = 'user.profile_updated';
}

/** An admin, or the app, changed the roles. */
export class UserRolesChangedEvent extends UserEvent {
  override readonly name = 'user.roles_changed';
}

/** The account was disabled; every session has ended. */
export class UserDisabledEvent extends UserEvent {
  override readonly name = 'user.disabled';
}

/** The account, which was disabled, can be used again. */
export class UserEnabledEvent extends UserEvent {
  override readonly name = 'user.enabled';
}

/** The user is a superuser from now on. */
export class UserPromotedEvent extends UserEvent {
  override readonly name = 'user.promoted';
}

/** The user is a superuser no more. */
export class UserDemotedEvent extends UserEvent {
  override readonly name = 'user.demoted';
}

/** The account is gone with everything that belonged to it, here; what the host keeps under its id is the host's to remove. */
export class UserDeletedEvent extends UserEvent {
  override readonly name = 'user.deleted';
}
