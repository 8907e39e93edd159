import { Logger } from '@nestjs/common';

const logger = new Logger('RegStack');

/**
 * Waits for work behind something that has happened and is about to be acknowledged. What fails of it is told to the log and no
 * failure of the request: the caller must have left nothing to it that safety hangs on.
 *
 * @param after what has happened, for the log
 */
export async function housekeeping(after: string, ...work: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    const { reason } = result as { reason: unknown };
    logger.warn(`after ${after}: ${reason instanceof Error ? reason.message : 'something failed'}`);
  }
}
