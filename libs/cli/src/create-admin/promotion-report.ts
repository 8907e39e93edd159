import type { AppointedAdmin } from '@regstack/nestjs';
import { printable } from '../printable';

/** What the operator has to know: what was done, and what whoever registered the account has left there. */
export function promotionReport(appointed: AppointedAdmin): readonly string[] {
  const { user, endedSessions, keptFactors, removedFactors } = appointed;
  const email = printable(user.email);
  const { isActive, isVerified, roles, fullName } = user;
  const attributes = Object.keys(user.attributes);
  return [
    `${email} (${user.id}) is a superuser now`,
    `done: its password is the new one; ${endedSessions} session(s) have ended, and every mailed link, sign-in under way and trusted device`,
    ...(removedFactors.length > 0
      ? [`done: its second factors (${removedFactors.join(', ')}) are removed`]
      : []),
    keptFactors.length > 0
      ? `kept: its second factors (${keptFactors.join(', ')}), which whoever enrolled them can use; --clear-second-factors removes them`
      : 'kept: no second factor',
    ...(fullName === null ? [] : [`kept: its name "${printable(fullName)}"`]),
    ...(roles.length === 0 ? [] : [`kept: its roles (${printable(roles.join(', '))})`]),
    ...(attributes.length === 0 ? [] : [`kept: its attributes (${printable(attributes.join(', '))})`]),
    ...(isVerified ? [] : ['kept: nobody has proved its address yet']),
    ...(isActive ? [] : [`kept: it is disabled; regstack users enable ${email} lets it in`]),
  ];
}
