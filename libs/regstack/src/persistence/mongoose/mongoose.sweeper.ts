import { Sweeper } from '../../ports/sweeper';
import type { MongooseAdmins } from './mongoose.admins';
import type { MongooseAuditRepository } from './mongoose.audit';
import type { MongooseDeletions } from './mongoose.deletions';

/**
 * What expires the server removes by itself (`indexes.ts`): each such document names the instant in `expires_at`. What is left are
 * audit records, whose time is a setting, and what crashes left half done.
 */
export class MongooseSweeper extends Sweeper {
  constructor(
    private readonly admins: MongooseAdmins,
    private readonly deletions: MongooseDeletions,
    private readonly audit: MongooseAuditRepository,
  ) {
    super();
  }

  override async purgeExpired(limit: number, now: Date, auditedSince: Date): Promise<number> {
    // It may be the first write of a deletion, which then has its turn right below.
    await this.admins.finish();
    const finished = await this.deletions.resume(limit, now);
    if (finished === limit) return finished;
    return finished + (await this.audit.purge(limit - finished, auditedSince));
  }
}
