import { createHash } from 'node:crypto';
import { AccountHooks, Attribute, Veto } from '@regstack/nestjs';
import { IsOptional, IsString } from 'class-validator';

/** Every password that is typed here; none of them may be found anywhere afterwards. */
export const PLANTED = {
  registered: 'Canary-registered-01',
  wrong: 'Canary-wrong-guess-02',
  reset: 'Canary-reset-to-03-abc',
  changed: 'Canary-changed-to-04',
  attempt: 'Canary-of-attempt-05',
  chosen: 'Canary-chosen-late-06',
  short: 'Canary-7',
  admin: 'Canary-of-admin-08-xy',
  byHost: 'Canary-set-by-host-09',
} as const;

/** What clients say in their headers and in the wrong places, and the app never asked for. */
export const STRAY = {
  bearer: 'Canary.bearer.10',
  cookie: 'Canary-cookie-11',
  query: 'Canary-query-12',
  field: 'Canary-field-13',
  broken: 'Canary-broken-14',
} as const;

/** Typed into a profile: stored, and told to the host, but to no log. */
export const TYPED = {
  name: 'Canary Name 15',
  attribute: 'Canary attribute 16',
  agent: 'Canary agent 17',
} as const;

/** What a host notes of its users. */
export class Notes {
  @Attribute('owner', 'admin') @IsOptional() @IsString() note?: string;
}

/** What hooks were asked. */
export class Listening extends AccountHooks {
  static readonly asked: unknown[] = [];
  static veto: Veto | null = null;

  override beforeRegister(attempt: unknown): Veto | null {
    return this.keep(attempt);
  }

  override beforeSignIn(attempt: unknown): Veto | null {
    return this.keep(attempt);
  }

  override beforeDelete(attempt: unknown): Veto | null {
    return this.keep(attempt);
  }

  private keep(attempt: unknown): Veto | null {
    Listening.asked.push(attempt);
    return Listening.veto;
  }
}

/** A token as it is stored. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Every text in a dump that has the form of a token: a database without separators may have glued it to its neighbours. */
export const candidatesIn = (dump: string): Set<string> => {
  const found = new Set<string>();
  // What is longer is an encrypted mail; what lies beside it may not be.
  for (const [run] of dump.matchAll(/[\w-]{43,}/g))
    for (const part of run.length > 400 ? [run.slice(0, 200), run.slice(-200)] : [run])
      for (let at = 0; at + 43 <= part.length; at++) found.add(part.slice(at, at + 43));
  return found;
};
