import type { mongo } from 'mongoose';
import {
  LISTED_DEVICES,
  type TrustedDevice,
  TrustedDeviceRepository,
} from '../../ports/trusted-device.repository';
import type { TrustedDeviceDocument } from './documents';
import type { Mongo } from './mongo';
import { DuplicateKey } from './mongo.errors';
import { plain } from './plain';
import { trustedDeviceDocument, trustedDeviceFrom, trustKey } from './records';

/** More rounds than a document can vanish between two writes. */
const ROUNDS = 8;

export class MongooseTrustedDeviceRepository extends TrustedDeviceRepository {
  constructor(private readonly mongo: Mongo) {
    super();
  }

  /**
   * User and device are the document's `_id`, so there is never a second one; whoever writes last has the trust that counts. One write,
   * whether there is one to replace or none. Of parallel ones that find none some are refused, and find it then.
   */
  override async trust(device: TrustedDevice): Promise<void> {
    const { _id, ...document } = trustedDeviceDocument(device);
    for (let round = 0; ; round++) {
      try {
        await this.mongo.run(({ trustedDevices }) =>
          trustedDevices.replaceOne({ _id }, document, { upsert: true }),
        );
        return;
      } catch (error) {
        if (!(error instanceof DuplicateKey) || round === ROUNDS) throw error;
      }
    }
  }

  override async isTrusted(userId: string, deviceId: string, authEpoch: number, now: Date): Promise<boolean> {
    const query = {
      ...trustKey(userId, deviceId),
      ...plain({ auth_epoch: authEpoch }),
      expires_at: { $gt: now },
    };
    const found = await this.mongo.run(({ trustedDevices }) =>
      trustedDevices.findOne(query, { projection: { _id: 1 } }),
    );
    return found !== null;
  }

  override async listFor(userId: string, authEpoch: number, now: Date): Promise<readonly TrustedDevice[]> {
    const query = { ...plain({ user_id: userId, auth_epoch: authEpoch }), expires_at: { $gt: now } };
    const options = { sort: { trust_id: -1 }, limit: LISTED_DEVICES } as const;
    const found = await this.mongo.run(({ trustedDevices }) => trustedDevices.find(query, options).toArray());
    return found.map(trustedDeviceFrom);
  }

  override async distrust(userId: string, id: string): Promise<boolean> {
    const query = plain({ user_id: userId, trust_id: id });
    const { deletedCount } = await this.mongo.run(({ trustedDevices }) => trustedDevices.deleteOne(query));
    return deletedCount === 1;
  }

  override async distrustOthers(userId: string, exceptDeviceId: string): Promise<void> {
    const except = plain({ device_id: exceptDeviceId });
    await this.remove({ ...plain({ user_id: userId }), device_id: { $ne: except.device_id } });
  }

  override async distrustAllFor(userId: string, beforeEpoch: number): Promise<void> {
    await this.remove({ ...plain({ user_id: userId }), auth_epoch: { $lt: beforeEpoch } });
  }

  private async remove(query: mongo.Filter<TrustedDeviceDocument>): Promise<void> {
    await this.mongo.run(({ trustedDevices }) => trustedDevices.deleteMany(query));
  }
}
