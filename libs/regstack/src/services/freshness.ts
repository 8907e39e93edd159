import type { RegStackConfig } from '../config/regstack.config';
import { addSeconds } from '../kernel/clock';

/** True while a proof of that moment is recent enough for what `fresh_session_seconds` guards; 0 asks for none. */
export function isFresh(authenticatedAt: Date, { freshSessionSeconds }: RegStackConfig, now: Date): boolean {
  return freshSessionSeconds === 0 || addSeconds(authenticatedAt, freshSessionSeconds) > now;
}
