/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** One SQL statement; parameters stand as `?` and are numbers, text, booleans, dates or null. */
export interface Statement {
  readonly text: string;
  readonly params: readonly unknown[];
  /** In a transaction: the whole is undone when this one answers no row. */
  readonly mustTouch?: boolean;
}

/** A unique index refused the row. */
export class UniqueViolation extends Error {
  constructor(cause: unknown) {
    super('a unique index refused the row', { cause });
    this.name = 'UniqueViolation';
  }
}

/**
 * The one way in which atomic intents reach a SQL database: raw prepared statements, the same answer on every driver. All
 * methods reject with {@link UniqueViolation}, with `service.unavailable` when the database cannot answer in time, or with a
 * defect of ours.
 */
export abstract class Sql {
  /** Runs one statement; answers its rows (those of RETURNING, for a write). */
  abstract rows(text: string, params?: readonly unknown[]): Promise<readonly Row[]>;

  /**
   * Runs statements in order, all or nothing. Answers the rows of each, or null when one that `mustTouch` answered no row and
   * everything was undone.
   */
  abstract transaction(statements: readonly Statement[]): Promise<readonly (readonly Row[])[] | null>;

  /** The first row of one statement, or null. */
  async first(text: string, params?: readonly unknown[]): Promise<Row | null> {
    return (await this.rows(text, params))[0] ?? null;
  }
}
