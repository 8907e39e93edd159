/** What becomes of a check: `warn` is told and harms no exit code, `skip` could not be looked at. */
export type Status = 'pass' | 'warn' | 'fail' | 'skip';

/** What a check has found. */
export interface Finding {
  readonly status: Status;
  /** What is so. Never holds a secret. */
  readonly message: string;
  /** How it is mended: the command to run, the setting to set, or the thing to look at. */
  readonly cure?: string;
}

/** What one check, or step, has found. */
export interface CheckResult extends Finding {
  readonly check: string;
}

/** It is as it should be. */
export const pass = (message: string): Finding => ({ status: 'pass', message });

/** It may be wrong, or will be. */
export const warn = (message: string, cure: string): Finding => ({ status: 'warn', message, cure });

/** It is wrong. */
export const fail = (message: string, cure: string): Finding => ({ status: 'fail', message, cure });

/** It could not be looked at. */
export const skip = (message: string): Finding => ({ status: 'skip', message });
