import type { Random } from './random';
import type { Route } from './discovery';

/** Somebody with an account. What a request did to it is undone before the next one that needs it: what is seen here may change. */
export interface Person {
  readonly email: string;
  /** A canary. */
  readonly password: string;
  readonly isAdmin: boolean;
  readonly id: string;
  readonly sessionId: string;
  readonly token: string;
  /** `name=value` of the cookie of another session. */
  readonly cookie: string;
  /** Tokens of the forms on pages, of either session. */
  readonly forms: { readonly bearer: string; readonly cookie: string };
  /** Recovery codes, where there is a second factor. */
  readonly codes: readonly string[];
  /** Enrolments that have begun, where there is none. */
  readonly app: Setup | null;
  readonly phone: Setup | null;
}

/** An enrolment that waits for its code. */
export interface Setup {
  readonly token: string;
  readonly code: () => string;
}

/** A sign-in that waits for a second factor, with what proves one, or for the enrolment of one, which has begun. */
export interface Waiting {
  readonly kind: 'sign-in' | 'enrolment';
  readonly token: string;
  readonly codes: readonly string[];
  readonly setup: Setup | null;
}

/** What every request of a run shares. */
export interface World {
  readonly seed: string;
  readonly host: string;
  readonly port: number;
  /** Signed in, some of them as admins. */
  readonly people: readonly Person[];
  readonly waiting: readonly Waiting[];
  /** Id of somebody who has not proved the address yet. */
  readonly unproved: string;
  /** Ids of attempts to register. */
  readonly attempts: readonly string[];
  /** Where a page of the list of users ends. */
  readonly cursor: string;
  /** Tokens of mailed links that still work: the first few are only looked at, the others used. */
  readonly links: readonly string[];
  /** The cookie that forms of strangers are bound to, and their token. */
  readonly stranger: { readonly cookie: string; readonly token: string };
  /** Names of cookies that the app sets. */
  readonly cookies: readonly string[];
  /** `METHOD /path` of the routes that ask for a session. */
  readonly guarded: readonly string[];
}

/** How the bytes of a request are announced and sent. */
export interface Frame {
  /** Replaces the headers that announce the body. */
  readonly headers: readonly (readonly [string, string])[];
  /** The body as it is written. */
  readonly body: Buffer;
}

/** A request while tricks are played on it. Text of the head is Latin-1: one character is one byte. */
export interface Draft {
  readonly route: Route;
  method: string;
  path: string;
  query: string[];
  headers: [name: string, value: string][];
  /** Fields of the body: JSON text of key and value, or both percent-encoded. */
  entries: [key: string, value: string][];
  /** The serialised body; set when the tricks on fields are over. */
  body: Buffer;
  /** A body goes out. */
  hasBody: boolean;
  frame: (body: Buffer) => Frame;
  /** Last change to the whole head. */
  head: (head: string) => string;
  /** The router must find the route: a refusal has to be in our form. */
  isRouted: boolean;
  /** An answer is due. Not where what is sent is no HTTP, or larger than the server reads. */
  isDue: boolean;
  /** The gate in front of our routes must refuse the body, wherever our code answers. */
  isGated: boolean;
  /** The server waits for more: we end our side when it stays silent. */
  isCut: boolean;
  /** What stands in `Authorization`, or in the cookie of a session. */
  credential: 'none' | 'valid' | 'forged';
  /** Whose it is. */
  person: Person | null;
  /** Secrets beside the canary, which must not come back either. */
  secrets: readonly string[];
  /** The body brings the token of a sign-in that waits, which is as good as a session where something is enrolled. */
  isWaiting: boolean;
}

/** What a trick may use. */
export interface Means {
  readonly dice: Random;
  readonly world: World;
  /** Text that must never come back: unique per run and request. */
  readonly canary: string;
}

/** When a trick is played: on ids in the path, on fields, on the serialised body, on the head, on the way it is sent. */
export const STAGES = ['params', 'fields', 'document', 'head', 'frame'] as const;

/** One way in which a request can be bad. */
export interface Trick {
  readonly name: string;
  readonly stage: (typeof STAGES)[number];
  readonly play: (draft: Draft, means: Means) => void;
}

/** One trick per value of a list. */
export function each<T>(
  kind: string,
  stage: Trick['stage'],
  values: Readonly<Record<string, T>>,
  play: (draft: Draft, value: T, means: Means) => void,
): readonly Trick[] {
  return Object.entries(values).map(([name, value]) => ({
    name: `${kind}: ${name}`,
    stage,
    play: (draft, means) => play(draft, value, means),
  }));
}

/** Sets a header in the place of one of the same name. */
export function setHeader(draft: Draft, name: string, value: string): void {
  dropHeader(draft, name);
  draft.headers.push([name, value]);
}

/** Takes a header away. */
export function dropHeader(draft: Draft, name: string): void {
  draft.headers = draft.headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase());
}

/** UTF-8 bytes as Latin-1 text, for the head. */
export const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

/** A canary of this run: `n` is the number of the request that it was sent in. */
export const canaryOf = (seed: string, n: number | string): string => `${canaryMark(seed)}${n}.violet`;

/** What all canaries of a run start with. No token of ours has a dot in this place, so none is taken for one. */
export const canaryMark = (seed: string): string => `canary.${seed}.`;
