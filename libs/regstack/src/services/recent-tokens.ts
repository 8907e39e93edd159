/** How many are kept: some hundred kilobytes. More sessions than that at a time only mean that signatures are checked again. */
const MOST = 1000;

/**
 * What the last tokens said whose signature was right. A signature never changes, so a client that comes again has it checked
 * once; whether the token is still in time, and the session still there, is asked at each use.
 */
export class RecentTokens<T> {
  private readonly claims = new Map<string, T>();

  find(token: string): T | undefined {
    return this.claims.get(token);
  }

  /** Keeps one more, and forgets the oldest when there are too many. */
  keep(token: string, claims: T): void {
    if (this.claims.size >= MOST) this.claims.delete(this.claims.keys().next().value!);
    this.claims.set(token, claims);
  }
}
