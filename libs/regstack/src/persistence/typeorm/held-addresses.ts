import type { Tables } from './tables';

/** Condition on an address: nobody has it, nor the right to have it back (P9). Its one parameter is the time. */
export function isFree({ users, emailClaims }: Tables, email: string): string {
  // A user whom an older version adds beside this one has no claim.
  return `NOT EXISTS (SELECT 1 FROM ${users} holder WHERE holder.email = ${email})
    AND NOT EXISTS (SELECT 1 FROM ${emailClaims} claim WHERE claim.email = ${email} AND (claim.expires_at IS NULL OR claim.expires_at > ?))`;
}
