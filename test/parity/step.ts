/** Something that an earlier step of the same mailbox brought to light: a token, an id, a cookie, a link. Counted from the latest. */
export interface Use {
  readonly use: string;
  readonly of: string;
  readonly back: number;
}

/** Text with uses in it. */
export type Text = string | Use | readonly (string | Use)[];

/** A value of a body with uses in it. */
export type Value =
  null | boolean | number | string | Use | readonly Value[] | { readonly [key: string]: Value };

/** What a step sends. */
export type Body =
  | { readonly json: Value }
  | { readonly form: Readonly<Record<string, string | Use>> }
  /** Bytes as they are. */
  | { readonly raw: string; readonly type: string };

/** A request that says nothing about any store, so that the same one can be made on each. */
export interface Request {
  /** `METHOD /path`, as the discovery names it. */
  readonly route: string;
  /** The mailbox that it is about: what comes of it is remembered under this name. */
  readonly of: string;
  /** What stands in the path in the place of `:name`. */
  readonly params?: Readonly<Record<string, Text>>;
  readonly query?: Readonly<Record<string, string | Use>>;
  readonly headers?: Readonly<Record<string, Text>>;
  readonly body?: Body;
}

/** A request at its time. */
export interface Step extends Request {
  /** How far the clock moves before it, milliseconds. */
  readonly wait: number;
  /** Which story it belongs to, for whoever reads a difference. */
  readonly story: string;
}

/** True for a use. */
export const isUse = (value: unknown): value is Use =>
  typeof value === 'object' && value !== null && 'use' in value && 'back' in value;

/** The first letters of a long text, for messages. */
export const shortened = (text: string, most = 2000): string =>
  text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
