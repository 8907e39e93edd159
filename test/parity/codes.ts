import { generateSync } from 'otplib';
import { isWrong, type CodeUse } from './code-uses';
import type { Use } from './step';

export { isCodeUse } from './code-uses';

const STEP_SECONDS = 30;
/** Steps around now whose codes an app may show, as its clock is off. */
const SHOWN = [-1, 0, 1];

/** The code that stands for a use, made of what was seen so far. A wrong one is never right by chance. */
export function codeFor(wanted: CodeUse, now: Date, find: (use: Use) => string): string {
  const { of, back } = wanted;
  if (!wanted.use.endsWith('app code')) return another([find({ use: 'text code', of, back })]);
  const secret = find({ use: 'secret', of, back });
  if (!/^[A-Z2-7]{32}$/.test(secret)) return secret;
  const at = (steps: number): string => {
    const epoch = Math.floor(now.getTime() / 1000) + steps * STEP_SECONDS;
    return generateSync({ secret, epoch });
  };
  return isWrong(wanted) ? another(SHOWN.map(at)) : at(wanted.steps ?? 0);
}

/** Six digits that are none of these. */
function another(codes: readonly string[]): string {
  const candidates = ['000000', '111111', '222222', '333333'];
  return candidates.find((one) => !codes.includes(one))!;
}
