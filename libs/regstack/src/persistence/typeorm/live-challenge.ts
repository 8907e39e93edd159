import type { Tables } from './tables';

/** A condition on a message: its challenge can still be used. Its one parameter is the present. */
export function hasLiveChallenge({ outbox, challenges }: Tables): string {
  return `EXISTS (SELECT 1 FROM ${challenges} c WHERE c.id = ${outbox}.challenge_id AND c.used_at IS NULL AND c.expires_at > ?)`;
}
