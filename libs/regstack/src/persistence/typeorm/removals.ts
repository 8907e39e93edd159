import type { Sql, Statement } from './sql';
import type { Tables } from './tables';

/**
 * Removes a user whose row is locked, with every row that names the id or an address held (P6): the current one, and one whose undo is
 * open at `now`; and with the messages to the phone number, and those that carry a challenge of the user. Claims are locked before what
 * they lead to and go after it: users, claims, attempts is the order of everybody who wants an address, so they wait in a line, never in
 * a circle.
 */
export function wipeUser({ dialect }: Sql, tables: Tables, id: string, now: Date): readonly Statement[] {
  const { users, emailClaims, sessions, trustedDevices, challenges, pending, outbox } = tables;
  const held = `SELECT email FROM ${users} WHERE id = ? UNION
    SELECT email FROM ${emailClaims} WHERE user_id = ? AND (expires_at IS NULL OR expires_at > ?)`;
  const ofHeld = [id, id, now];
  const attempts = `SELECT id FROM ${pending} WHERE email IN (${held})`;
  const theirs = `user_id = ? OR subject_id = ? OR subject_id IN (${held}) OR subject_id IN (${attempts})`;
  const ofTheirs = [id, id, ...ofHeld, ...ofHeld];
  return [
    {
      text: `SELECT email FROM ${emailClaims} WHERE user_id = ? ORDER BY email ${dialect.locked}`,
      params: [id],
    },
    { text: `DELETE FROM ${sessions} WHERE user_id = ?`, params: [id] },
    { text: `DELETE FROM ${trustedDevices} WHERE user_id = ?`, params: [id] },
    // By state, which has an index; what was sent has no recipient any more. Before the challenges that messages carry, as in every
    // transaction that is about both.
    {
      text: `DELETE FROM ${outbox} WHERE state IN ('queued', 'dead') AND (recipient IN (${held})
        OR recipient = (SELECT phone_number FROM ${users} WHERE id = ?) OR challenge_id IN (SELECT id FROM ${challenges} WHERE ${theirs}))`,
      params: [...ofHeld, id, ...ofTheirs],
    },
    { text: `DELETE FROM ${challenges} WHERE ${theirs}`, params: ofTheirs },
    { text: `DELETE FROM ${pending} WHERE email IN (${held})`, params: ofHeld },
    { text: `DELETE FROM ${emailClaims} WHERE user_id = ?`, params: [id] },
    { text: `DELETE FROM ${users} WHERE id = ?`, params: [id] },
  ];
}
