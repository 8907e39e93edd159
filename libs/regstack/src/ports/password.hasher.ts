/** Hashes passwords. Must not block the event loop. */
export abstract class PasswordHasher {
  /**
   * PHC string of the password.
   * @throws AccountError `service.unavailable` when too many wait already
   */
  abstract hash(password: string): Promise<string>;

  /**
   * True when the password belongs to the hash. Does the same work whatever it is given: for null (no such user, no password)
   * against a dummy, for a hash of lower cost with the difference added (W13, R14).
   * @throws AccountError `service.unavailable` when too many wait already
   */
  abstract verify(password: string, hash: string | null): Promise<boolean>;

  /** True when the hash was made with other parameters than new ones are. */
  abstract needsRehash(hash: string): boolean;
}
