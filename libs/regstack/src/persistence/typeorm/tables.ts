/** The quoted names of the tables under a prefix that was checked by the configuration. */
export class Tables {
  readonly users: string;
  readonly emailClaims: string;
  readonly pending: string;
  readonly sessions: string;
  readonly challenges: string;
  readonly budgets: string;
  readonly outbox: string;
  readonly audit: string;
  readonly trustedDevices: string;

  constructor(readonly prefix: string) {
    const quoted = (name: string): string => `"${prefix}${name}"`;
    this.users = quoted('users');
    this.emailClaims = quoted('email_claims');
    this.pending = quoted('pending_registrations');
    this.sessions = quoted('sessions');
    this.challenges = quoted('challenges');
    this.budgets = quoted('budgets');
    this.outbox = quoted('outbox');
    this.audit = quoted('audit');
    this.trustedDevices = quoted('trusted_devices');
  }
}
