import { Sweeper } from '../../ports/sweeper';
import type { MongooseAdmins } from './mongoose.admins';
import type { MongooseAuditRepository } from './mongoose.audit';
import type { MongooseDeadLetters } from './mongoose.dead-letters';
import type { MongooseDeletions } from './mongoose.deletions';

/**
 * What expires the server removes by itself (`indexes.ts`): each such document names the instant in `expires_at`. What is left are
 * audit records, whose time is a setting, dead letters, and what crashes left half done.
 */
export class MongooseSweeper extends Sweeper {
  constructor(
    private readonly admins: MongooseAdmins,
    private readonly deletions: MongooseDeletions,
    private readonly audit: MongooseAuditRepository,
    private readonly deadLetters: MongooseDeadLetters,
  ) {
    super();
  }

  /** A deletion that fails holds up nothing else: its error is thrown at the end, the first one of several. */
  override async purgeExpired(limit: number, now: Date, auditedSince: Date): Promise<number> {
    // It may be the first write of a deletion, which then has its turn right below.
    await this.admins.finish();
    const failures: unknown[] = [];
    const finished = await this.deletions.resume(limit, now, (error) => failures.push(error));
    let purged = finished;
    if (purged < limit) purged += await this.deadLetters.purge(limit - purged, now);
    if (purged < limit) purged += await this.audit.purge(limit - purged, auditedSince);
    if (failures.length > 0) throw failures[0];
    return purged;
  }
}
