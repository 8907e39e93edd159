/** A device on which a user is not asked for a second factor until `expiresAt`. */
export interface TrustedDevice {
  readonly id: string;
  readonly userId: string;
  /** The user's epoch at the time: a change of credentials ends the trust. */
  readonly authEpoch: number;
  /** The device, as its cookie says. */
  readonly deviceId: string;
  /** Where it was trusted from, for its user to know it by. */
  readonly ip: string | null;
  /** What the client called itself: anybody can write anything there. */
  readonly userAgent: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** Trusted devices that are listed at most. */
export const LISTED_DEVICES = 100;

/** Keeps the devices that users trust. */
export abstract class TrustedDeviceRepository {
  /** Trusts a device in place of an earlier trust of the same user and device; of parallel calls one is the last. */
  abstract trust(device: TrustedDevice): Promise<void>;

  /** True while the user trusts the device: one read. */
  abstract isTrusted(userId: string, deviceId: string, authEpoch: number, now: Date): Promise<boolean>;

  /** The devices of a user that are trusted at `now` and of this epoch, newest first, at most {@link LISTED_DEVICES}. */
  abstract listFor(userId: string, authEpoch: number, now: Date): Promise<readonly TrustedDevice[]>;

  /** Ends the trust in one device of a user, by the id of the trust. True for exactly one of parallel calls. */
  abstract distrust(userId: string, id: string): Promise<boolean>;

  /** Ends the trust in every device of a user but this one. */
  abstract distrustOthers(userId: string, exceptDeviceId: string): Promise<void>;

  /** Ends the trust of every epoch of a user before this one: it is dead already. */
  abstract distrustAllFor(userId: string, beforeEpoch: number): Promise<void>;
}
