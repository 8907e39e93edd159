import {
  LISTED_DEVICES,
  type TrustedDevice,
  TrustedDeviceRepository,
} from '../../ports/trusted-device.repository';
import { type MemoryTables, pageOf } from './memory.tables';

export class MemoryTrustedDeviceRepository extends TrustedDeviceRepository {
  constructor(private readonly tables: MemoryTables) {
    super();
  }

  override async trust(device: TrustedDevice): Promise<void> {
    this.remove(({ userId, deviceId }) => userId === device.userId && deviceId === device.deviceId);
    this.tables.trustedDevices.set(device.id, device);
  }

  override async isTrusted(userId: string, deviceId: string, authEpoch: number, now: Date): Promise<boolean> {
    return this.live(userId, authEpoch, now).some((one) => one.deviceId === deviceId);
  }

  override async listFor(userId: string, authEpoch: number, now: Date): Promise<readonly TrustedDevice[]> {
    return pageOf(this.live(userId, authEpoch, now), { before: null, limit: LISTED_DEVICES });
  }

  override async distrust(userId: string, id: string): Promise<boolean> {
    return this.remove((one) => one.id === id && one.userId === userId) > 0;
  }

  override async distrustOthers(userId: string, exceptDeviceId: string): Promise<void> {
    this.remove((one) => one.userId === userId && one.deviceId !== exceptDeviceId);
  }

  override async distrustAllFor(userId: string, beforeEpoch: number): Promise<void> {
    this.remove((one) => one.userId === userId && one.authEpoch < beforeEpoch);
  }

  private live(userId: string, authEpoch: number, now: Date): readonly TrustedDevice[] {
    return [...this.tables.trustedDevices.values()].filter(
      (one) => one.userId === userId && one.authEpoch === authEpoch && one.expiresAt > now,
    );
  }

  private remove(isMeant: (device: TrustedDevice) => boolean): number {
    const meant = [...this.tables.trustedDevices.values()].filter(isMeant);
    for (const { id } of meant) this.tables.trustedDevices.delete(id);
    return meant.length;
  }
}
