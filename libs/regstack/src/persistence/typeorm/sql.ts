import type { Dialect } from './dialect';

/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** One SQL statement; parameters stand as `?` and are numbers, text, booleans, dates or null. */
export interface Statement {
  readonly text: string;
  readonly params: readonly unknown[];
  /** In a transaction: the whole is undone when this one answers no row. */
  readonly mustTouch?: boolean;
}

/** How much a write must survive. */
export type Durability =
  /** On disk before it is answered: everything that was acknowledged to somebody. */
  | 'on-disk'
  /**
   * It survives the process, and a power cut may take the last moments of it along; what is written on disk after it takes it
   * there too. For counts and leases, which are worth no wait for the disk.
   */
  | 'in-order';

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
  abstract readonly dialect: Dialect;

  /** Runs one statement; answers its rows (those of RETURNING, for a write). */
  abstract rows(text: string, params?: readonly unknown[], durability?: Durability): Promise<readonly Row[]>;

  /**
   * Runs statements in order, all or nothing. Answers the rows of each, or null when one that `mustTouch` answered no row and
   * everything was undone.
   */
  abstract transaction(
    statements: readonly Statement[],
    durability?: Durability,
  ): Promise<readonly (readonly Row[])[] | null>;

  /** Lets go of what it holds beside the connection. */
  abstract close(): Promise<void>;

  /** The first row of one statement, or null. */
  async first(text: string, params?: readonly unknown[], durability?: Durability): Promise<Row | null> {
    return (await this.rows(text, params, durability))[0] ?? null;
  }
}
