import { type Mailbox, latest } from './cast';
import type { Use } from './step';

/** A code that is made in the moment in which it is sent. */
export interface CodeUse extends Use {
  readonly use: 'app code' | 'wrong app code' | 'wrong text code';
  /** How many time steps from now the clock of the app is. */
  readonly steps?: number;
}

/** True for a code that is made, and was not seen. */
export const isCodeUse = (use: Use): use is CodeUse => /^(wrong .+|app) code$/.test(use.use);

/** True for one that must not be right. */
export const isWrong = ({ use }: CodeUse): boolean => use.startsWith('wrong');

/** What the app of a mailbox shows, by the secret that came last. */
export const appCode = (mailbox: Mailbox, steps = 0): CodeUse => ({
  ...latest('app code', mailbox),
  use: 'app code',
  steps,
});

/** What it does not show. */
export const wrongAppCode = (mailbox: Mailbox): CodeUse => ({
  ...latest('', mailbox),
  use: 'wrong app code',
});

/** The code that was texted last but `back`. */
export const textCode = (mailbox: Mailbox, back = 0): Use => ({ ...latest('text code', mailbox), back });

/** Another one than was texted last. */
export const wrongTextCode = (mailbox: Mailbox): CodeUse => ({
  ...latest('', mailbox),
  use: 'wrong text code',
});

/** A recovery code, counted from the last one of the newest set of ten. */
export const recoveryCode = (mailbox: Mailbox, back = 0): Use => ({
  ...latest('recovery code', mailbox),
  back,
});
