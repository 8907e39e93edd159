import { coarseDevice } from './coarse-device';

/** Where something was asked from. */
export interface Origin {
  /** As far as the proxies in front can be believed; null where there is none. */
  readonly ip: string | null;
  /** What the client called itself, in one line of at most {@link USER_AGENT_MAX} characters: anybody can write anything there. */
  readonly userAgent: string | null;
  /** The same in fixed words of ours: the only form that goes into mails. */
  readonly device: string;
  /** The id under which the answer, the log and the audit log know the request. */
  readonly requestId: string | null;
}

/** Characters that are kept of a User-Agent. */
export const USER_AGENT_MAX = 256;

/** The code of the host, which asks from nowhere. */
export const THE_APP: Origin = { ip: null, userAgent: null, device: 'the app itself', requestId: null };

// oxlint-disable-next-line no-control-regex
const NOT_PRINTED = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** The origin of a request. */
export function originOf(ip: string | null, userAgent: string | undefined, requestId: string): Origin {
  const text = (userAgent ?? '').toWellFormed().replace(NOT_PRINTED, ' ').trim();
  const kept = Array.from(text).slice(0, USER_AGENT_MAX).join('');
  return { ip, userAgent: kept === '' ? null : kept, device: coarseDevice(userAgent), requestId };
}

/** Who does something, and from where. */
export interface By {
  /** Id of a user; null for a stranger, or for the app itself. */
  readonly actor: string | null;
  readonly origin: Origin;
}

/** The code of the host. */
export const BY_THE_APP: By = { actor: null, origin: THE_APP };
