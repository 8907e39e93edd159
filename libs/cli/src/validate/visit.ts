import type { Finding } from '../findings/finding';
import type { Answer, Installation } from './installation';
import type { Mailbox } from './mailbox';

/** A visit to an installation, and how far it has come. */
export interface Visit {
  readonly installation: Installation;
  readonly mailbox: Mailbox;
  readonly email: string;
  readonly password: string;
  /** How the account stands that the visit has made. */
  account: 'none' | 'waits for its link' | 'usable' | 'deleted';
  /** Of the session that is open, or null. */
  token: string | null;
}

/** One thing that a visitor does, in the order of the visit. */
export interface Step {
  readonly name: string;
  /** What it needs, told where it is not there. */
  readonly needs?: Need;
  run(visit: Visit): Promise<Finding>;
}

/** What a step cannot do without. */
interface Need {
  readonly isThere: (visit: Visit) => boolean;
  readonly name: string;
}

export const AN_ACCOUNT: Need = { isThere: ({ account }) => account === 'usable', name: 'an account' };
export const A_SESSION: Need = { isThere: ({ token }) => token !== null, name: 'a session' };

/** Whether it is a refusal as RFC 9457 has them, with this status and this code of ours. */
export function isProblem({ status, headers, body }: Answer, expected: number, code?: string): boolean {
  const type = headers.get('content-type') ?? '';
  const isOurs = code === undefined ? typeof body['code'] === 'string' : body['code'] === code;
  return status === expected && type.startsWith('application/problem+json') && isOurs;
}

/** What came, in a few words without its content. */
export function told({ status, body }: Answer): string {
  const { code } = body;
  return typeof code === 'string' ? `${status} ${code}` : `${status}`;
}

/** What an answer says, but for what differs in every answer. */
export function substance({ status, body }: Answer): string {
  const { request_id: _, ...rest } = body;
  return JSON.stringify([status, rest]);
}

/** Signs in; null where that is refused or wants a second factor. */
export async function signIn({ installation, email, password }: Visit): Promise<string | null> {
  const { status, body } = await installation.call('POST', '/login', { body: { email, password } });
  const { access_token: token } = body;
  return status === 200 && typeof token === 'string' ? token : null;
}
