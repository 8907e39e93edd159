import {
  LISTED_DEVICES,
  type TrustedDevice,
  TrustedDeviceRepository,
} from '../../ports/trusted-device.repository';
import { insert, replacing } from './inserts';
import { date, nullableText, text } from './rows';
import type { Row, Sql } from './sql';
import type { Tables } from './tables';

export class TypeOrmTrustedDeviceRepository extends TrustedDeviceRepository {
  constructor(
    private readonly sql: Sql,
    private readonly tables: Tables,
  ) {
    super();
  }

  override async trust(device: TrustedDevice): Promise<void> {
    const latest = {
      id: device.id,
      auth_epoch: device.authEpoch,
      ip: device.ip,
      user_agent: device.userAgent,
      created_at: device.createdAt,
      expires_at: device.expiresAt,
    };
    const whose = { user_id: device.userId, device_id: device.deviceId };
    const { text: query, params } = insert(this.tables.trustedDevices, { ...whose, ...latest });
    const replace = replacing(Object.keys(latest));
    await this.sql.rows(`${query} ON CONFLICT (user_id, device_id) DO UPDATE SET ${replace}`, params);
  }

  override async isTrusted(userId: string, deviceId: string, authEpoch: number, now: Date): Promise<boolean> {
    const query = `SELECT id FROM ${this.tables.trustedDevices} WHERE user_id = ? AND device_id = ? AND auth_epoch = ? AND expires_at > ?`;
    return (await this.sql.first(query, [userId, deviceId, authEpoch, now])) !== null;
  }

  override async listFor(userId: string, authEpoch: number, now: Date): Promise<readonly TrustedDevice[]> {
    const query = `SELECT id, user_id, auth_epoch, device_id, ip, user_agent, created_at, expires_at FROM ${this.tables.trustedDevices}
      WHERE user_id = ? AND auth_epoch = ? AND expires_at > ? ORDER BY id DESC LIMIT ${LISTED_DEVICES}`;
    return (await this.sql.rows(query, [userId, authEpoch, now])).map(deviceFrom);
  }

  override async distrust(userId: string, id: string): Promise<boolean> {
    const query = `DELETE FROM ${this.tables.trustedDevices} WHERE id = ? AND user_id = ? RETURNING id`;
    return (await this.sql.first(query, [id, userId])) !== null;
  }

  override async distrustOthers(userId: string, exceptDeviceId: string): Promise<void> {
    const query = `DELETE FROM ${this.tables.trustedDevices} WHERE user_id = ? AND device_id <> ?`;
    await this.sql.rows(query, [userId, exceptDeviceId]);
  }

  override async distrustAllFor(userId: string, beforeEpoch: number): Promise<void> {
    const query = `DELETE FROM ${this.tables.trustedDevices} WHERE user_id = ? AND auth_epoch < ?`;
    await this.sql.rows(query, [userId, beforeEpoch]);
  }
}

function deviceFrom(row: Row): TrustedDevice {
  return {
    id: text(row['id']),
    userId: text(row['user_id']),
    authEpoch: Number(row['auth_epoch']),
    deviceId: text(row['device_id']),
    ip: nullableText(row['ip']),
    userAgent: nullableText(row['user_agent']),
    createdAt: date(row['created_at']),
    expiresAt: date(row['expires_at']),
  };
}
