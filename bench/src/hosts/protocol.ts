/** Adapters of Nest that the bench measures. */
export const ADAPTERS = ['express', 'fastify'] as const;

/** One of them. */
export type Adapter = (typeof ADAPTERS)[number];

/** What a host is told when it is started. */
export interface HostSettings {
  readonly adapter: Adapter;
  /** URL of a database that is not there yet. */
  readonly databaseUrl: string;
  /** Keeps hosts on one database apart. */
  readonly tablePrefix?: string;
  /** Without it each process has one of its own, and no other can read what it has written. */
  readonly jwtSecret?: string;
  /** Port of the mail server on this machine; without it mails are printed. */
  readonly smtpPort?: number;
}

/** What there is at an address: an account, or an attempt to register. */
export type SeedState = 'verified' | 'unverified' | 'disabled' | 'attempt';

/** What a host can be asked to do while it serves, by name. */
export interface Commands {
  /** Stores something in this state for each of the first `count` addresses of `group`. */
  readonly seed: (args: {
    readonly group: string;
    readonly count: number;
    readonly state: SeedState;
  }) => Promise<void>;
  /** Verifies passwords without any HTTP, `concurrency` at a time; answers verifications per second. */
  readonly hash: (args: { readonly seconds: number; readonly concurrency: number }) => Promise<number>;
  /** Resident memory after a garbage collection, bytes. */
  readonly memory: (args: Readonly<Record<string, never>>) => Promise<number>;
}

/** Parent to host. */
export interface Request {
  readonly id: number;
  readonly name: keyof Commands;
  readonly args: unknown;
}

/** Host to parent: it listens, or it has done what it was asked. */
export type Message =
  | { readonly port: number }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };
