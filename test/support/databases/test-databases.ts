/** How tests get databases of one kind. */
export interface TestDatabases {
  /** URL of an empty database that nobody else uses. */
  fresh(): Promise<string>;
  /** Removes it, whoever is connected to it. */
  drop(url: string): Promise<void>;
  /**
   * All content as text, each byte one character (latin1): what one looks into for things that may not be stored. Binary values stand
   * in it as they are, not encoded.
   */
  dump(url: string): Promise<string>;
  /** Removes what has ended by then, where the server does that by a clock of its own. */
  expire?(url: string, now: Date): Promise<void>;
  /** The same of the rows that there are, without what a file still has of others. */
  rows(url: string): Promise<string>;
}

/** @throws Error when the run has not started that server */
export function serverUrlOf(variable: string): string {
  const url = process.env[variable];
  if (!url) throw new Error(`${variable} is not set: jest.config.js names the store among those that run`);
  return url;
}
