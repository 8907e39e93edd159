import { Sweeper } from '../../ports/sweeper';

/** The server removes dead documents by itself (`indexes.ts`): each names the instant in `expires_at`. */
export class MongooseSweeper extends Sweeper {
  override readonly isAutomatic = true;

  override async purgeExpired(): Promise<number> {
    return 0;
  }
}
