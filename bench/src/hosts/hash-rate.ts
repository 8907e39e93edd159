import type { PasswordHasher } from '@regstack/nestjs';
import { PASSWORD } from '../accounts';

/** Verifications per second of the hasher that also serves the logins: same parameters, same threads, nothing else to do. */
export async function hashRate(
  hasher: PasswordHasher,
  seconds: number,
  concurrency: number,
): Promise<number> {
  // The queue is first come, first served: what a round of logins has left in it is done when this is.
  const hash = await hasher.hash(PASSWORD);
  const start = performance.now();
  const end = start + seconds * 1000;
  let done = 0;
  const verifyInTurn = async (): Promise<void> => {
    while (performance.now() < end) {
      await hasher.verify(PASSWORD, hash);
      if (performance.now() <= end) done += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, verifyInTurn));
  return done / seconds;
}
