import { setTimeout as delay } from 'node:timers/promises';

/**
 * True when the work is done in time, false when it is late; rejects as it does.
 * @param ref whether the waiting keeps the process alive
 */
export async function within(
  ms: number,
  work: Promise<unknown>,
  { ref }: { readonly ref: boolean },
): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(ms, false, { ref, signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
