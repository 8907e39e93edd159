/**
 * Everything that the security log tells, by its kind: a line in the log of the app and a record in the audit log each. Kinds that
 * begin with `user.`, and `message.dead_lettered`, are events of the host as well.
 */
export const SECURITY_EVENTS = {
  'registration.requested': 'somebody registered an address, free or taken, which is to be proved now',
  'registration.promoted': 'an admin made a user of an attempt to register, without its mail',
  'verification.requested': 'a verification link was asked for, for an address that may wait for one or not',
  'user.registered': 'a user came to be',
  'user.verified': 'somebody proved to read mail at the address',
  'user.logged_in': 'a session was opened; the reason says by which proofs',
  'user.login_failed': 'a sign-in was refused; the reason says why',
  'user.locked_out': 'the last attempt of a window was wasted at a sign-in',
  'login.limited':
    'a password was not looked at, because there were too many attempts; the reason says for what: the address, a device, the client',
  'message.retried': 'an admin had a mail or a text message sent again; the reason says of which kind',
  'mfa.refused': 'a wrong code of a second factor; the reason says what it was for',
  'mfa.limited':
    'a code of a second factor was not looked at, because there were too many wrong ones; the reason says what it was for',
  'mfa.code_sent': 'a code was sent by SMS; the reason says what for',
  'mfa.code_withheld': 'a code was not sent by SMS, because there were too many; the reason says what for',
  'mfa.recovery_code_used': 'a recovery code was used',
  'mfa.recovery_codes_replaced': 'new recovery codes took the place of those before',
  'mfa.device_trusted': 'a device was trusted: no second factor is asked for there',
  'mfa.device_distrusted': 'the trust in a device was ended by its user or by the app',
  'link.refused':
    'a mailed link was refused: used, expired, replaced or none of ours; the reason says what it was for',
  'user.logged_out': 'a session was ended by its user',
  'session.revoked': 'a session was ended by its user from another one',
  'session.others_revoked': 'all sessions but one were ended by their user',
  'session.all_revoked': 'all sessions of a user were ended by an admin or by the app',
  'session.renewed': 'a user proved again to be who they are',
  'password.refused': 'somebody signed in gave a wrong current password',
  'access.refused':
    'somebody signed in was refused what they asked for; the reason is the code of the refusal',
  'access.cross_site':
    'a request with a session cookie, a sign-in by cookie or a form of a page came from another site',
  'hook.refused': 'a hook of the app refused what was asked for',
  'user.profile_updated': 'name or attributes were changed',
  'user.roles_changed': 'the roles were changed',
  'user.password_changed': 'the password was changed',
  'user.password_reset_requested':
    'a reset link was asked for, for an address that may have an account or not',
  'user.password_reset_completed': 'a new password was set by a mailed link',
  'user.email_change_requested': 'the user asked to move to another address',
  'user.email_changed': 'the user has another address, which was proved',
  'user.email_change_undone': 'the address before came back by the link that was mailed to it',
  'user.mfa_enabled': 'a second factor was enrolled; the reason says which',
  'user.mfa_disabled': 'a second factor was removed; the reason says which',
  'user.disabled': 'the account was disabled',
  'user.enabled': 'the account was enabled',
  'user.promoted': 'the user became a superuser',
  'user.demoted': 'the user is a superuser no more',
  'user.deleted': 'the account was deleted',
  'message.dead_lettered':
    'a mail or a text message was given up; the reason says whether it was refused or nobody took it for a day',
} as const;

/** Kind of a security event. */
export type SecurityEventKind = keyof typeof SECURITY_EVENTS;
