/** The secrets of an app as its file has them. */
export interface Secrets {
  /** `jwt_secret`: signs and encrypts. */
  readonly current: string;
  /** The next current one, which every process learns to verify before any signs with it; null: none. Stands first in `jwt_previous_secrets`. */
  readonly announced: string | null;
  /** The rest of `jwt_previous_secrets`: each was the current one once. */
  readonly former: readonly string[];
}

/** `jwt_previous_secrets`. */
export function previousOf({ announced, former }: Secrets): readonly string[] {
  return announced === null ? former : [announced, ...former];
}

/** A new secret is verified from now on, and signs nothing yet. */
export function announce(secrets: Secrets, fresh: string): Secrets {
  return { ...secrets, announced: fresh };
}

/** This one signs from now on; the one before is still verified. */
export function switchTo(next: string, { current, former }: Secrets): Secrets {
  return { current: next, announced: null, former: [current, ...former.filter((one) => one !== next)] };
}

/** Without the former ones that are named. */
export function without(gone: ReadonlySet<string>, secrets: Secrets): Secrets {
  return { ...secrets, former: secrets.former.filter((one) => !gone.has(one)) };
}
