/** Name of a feature: what a host writes to leave one out. */
export type FeatureName =
  | 'registration'
  | 'login'
  | 'mfa'
  | 'account'
  | 'password'
  | 'email-change'
  | 'sessions'
  | 'admin'
  | 'health';
