/** A page of rows that are sorted by descending id. Ids are UUIDv7, so that is newest first. */
export interface Keyset {
  /** The page begins after this id; null: with the newest. */
  readonly before: string | null;
  readonly limit: number;
}
