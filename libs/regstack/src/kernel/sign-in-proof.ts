/** A second factor, or what stands in for one. */
export type MfaMethod =
  /** The time-based code of an authenticator app (RFC 6238). */
  | 'totp'
  /** A code that was sent to the user's number. */
  | 'sms'
  /** One of the codes that were given out for when nothing else is at hand. */
  | 'recovery_code';

/** A second factor that can be enrolled. */
export type MfaFactor = Exclude<MfaMethod, 'recovery_code'>;

/** A way in which a user proved to be who they are. `trusted_device`: a second factor was proved on it before. */
export type SignInProof = 'password' | MfaMethod | 'trusted_device';
