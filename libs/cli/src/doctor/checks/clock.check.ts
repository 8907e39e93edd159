import { Store } from '@regstack/nestjs';
import { checkOfApp } from '../check';
import { fail, pass, warn } from '../../findings/finding';

/** Limits and links of several processes count in seconds. */
const WARN_MS = 2000;
/** A code of an authenticator app is good for so long (RFC 6238). */
const FAIL_MS = 30_000;

const CURE = 'let both machines take the time from the network (timedatectl set-ntp true)';

/** This machine and the database agree about the time. */
export const clock = checkOfApp('clock', async (app) => {
  const before = Date.now();
  const theirs = await app.get(Store).serverTime();
  if (theirs === null) return pass('the database has the clock of this machine');
  // The answer was made at some time in between: what is less than that is no skew.
  const after = Date.now();
  const skewMs = Math.max(before - theirs.getTime(), theirs.getTime() - after, 0);
  const told = `the clock of the database is ${(skewMs / 1000).toFixed(1)} s off the one of this machine`;
  if (skewMs > FAIL_MS) return fail(told, CURE);
  return skewMs > WARN_MS ? warn(told, CURE) : pass('the database and this machine agree about the time');
});
