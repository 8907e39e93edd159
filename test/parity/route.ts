import type { Cast, Mailbox } from './cast';
import type { Request } from './step';

/** What a visit sends, besides the route and the mailbox. */
export type Content = Omit<Request, 'route' | 'of'>;

/** A route of the sequence. */
export interface RouteEntry {
  /** Every status that it answers; each must come at least once, and no other. */
  readonly answers: readonly number[];
  /** How often it is visited beside the stories, compared to the others. */
  readonly weight: number;
  /** The bodies that it reads by our gate; null where a host's parser or nobody reads them. */
  readonly reads: 'json' | 'form' | null;
  /** A visit with random content about this mailbox. */
  readonly visit: (cast: Cast, mailbox: Mailbox) => Content;
}

/** Statuses with which the gate refuses bodies. */
export const GATE = [400, 413, 415];
