import type { Mail } from '@regstack/nestjs';

/** Status and code of an answer. */
export const outcome = ({ status, json }: Answer): unknown[] => [status, json?.code];

/** All of an answer that may not depend on who has an account. */
export const fingerprint = ({ status, headers, json }: Answer): unknown => [
  status,
  [...headers.entries()].filter(([name]) => !['date', 'etag'].includes(name)),
  { ...json, request_id: '', expires_at: '', email: '' },
];

/** The tokens of all links in a mail. */
export const tokensIn = ({ text }: Mail): string[] =>
  [...text.matchAll(/[?&]token=([\w-]+)/g)].map(([, token]) => token!);

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into bodies of any shape
  readonly json: any;
  /** `name=value` of each cookie that it sets. */
  readonly cookies: readonly string[];
}
