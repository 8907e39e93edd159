import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { addSeconds, Clock } from '../kernel/clock';
import { looksLikeId, newId } from '../kernel/ids';
import { type By, BY_THE_APP } from '../kernel/origin';
import { type TrustedDevice, TrustedDeviceRepository } from '../ports/trusted-device.repository';
import { type UserRecord, UserRepository } from '../ports/user.repository';
import { findUser } from './find-user';
import { SecurityLog } from './security-log';

const DAY_SECONDS = 86_400;

/** A trusted device as it may be shown to its user. */
export type TrustedDeviceInfo = Pick<
  TrustedDevice,
  'id' | 'deviceId' | 'createdAt' | 'expiresAt' | 'ip' | 'userAgent'
>;

/** Devices on which users are not asked for their second factor, for `mfa_trusted_device_days`. Whoever calls this decides who may. */
@Injectable()
export class TrustedDevicesService {
  constructor(
    private readonly config: RegStackConfig,
    private readonly clock: Clock,
    private readonly users: UserRepository,
    private readonly devices: TrustedDeviceRepository,
    private readonly log: SecurityLog,
  ) {}

  /** Devices can be trusted here. */
  get isOn(): boolean {
    return this.config.mfaTrustedDeviceDays > 0;
  }

  /** True where no second factor need be asked for. */
  async isTrusted({ id, authEpoch }: UserRecord, deviceId: string | undefined): Promise<boolean> {
    if (!this.isOn || deviceId === undefined) return false;
    return this.devices.isTrusted(id, deviceId, authEpoch, this.clock.now());
  }

  /** Trusts the device on which the user has proved a second factor. Does nothing where no device is trusted. */
  async trust({ id: userId, authEpoch }: UserRecord, deviceId: string, by: By): Promise<void> {
    if (!this.isOn) return;
    const createdAt = this.clock.now();
    const expiresAt = addSeconds(createdAt, this.config.mfaTrustedDeviceDays * DAY_SECONDS);
    const { ip, userAgent } = by.origin;
    const device = { id: newId(createdAt), userId, authEpoch, deviceId, ip, userAgent, createdAt, expiresAt };
    await this.devices.trust(device);
    // Looked at again, as a session is (P6): nothing of an account that went, or whose credentials changed, in the meantime stays behind.
    const user = await this.users.findById(userId);
    if (!user?.isActive || user.authEpoch !== authEpoch)
      return void (await this.devices.distrust(userId, device.id));
    this.log.note('mfa.device_trusted', by, { target: userId });
  }

  /** The devices that a user trusts, newest first; none for an unknown user. */
  async listFor(userId: string): Promise<readonly TrustedDeviceInfo[]> {
    const user = this.isOn ? await findUser(this.users, userId) : null;
    if (!user?.isActive) return [];
    const found = await this.devices.listFor(userId, user.authEpoch, this.clock.now());
    return found.map(({ id, deviceId, createdAt, expiresAt, ip, userAgent }) => ({
      id,
      deviceId,
      createdAt,
      expiresAt,
      ip,
      userAgent,
    }));
  }

  /** Ends the trust in one device of a user. False when there is none by this id. */
  async end(userId: string, id: string, by: By = BY_THE_APP): Promise<boolean> {
    const isEnded = looksLikeId(id) && (await this.devices.distrust(userId, id));
    if (isEnded) this.log.note('mfa.device_distrusted', by, { target: userId });
    return isEnded;
  }

  /** Ends the trust in every device of a user but this one. */
  async endOthers(userId: string, exceptDeviceId: string): Promise<void> {
    await this.devices.distrustOthers(userId, exceptDeviceId);
  }
}
