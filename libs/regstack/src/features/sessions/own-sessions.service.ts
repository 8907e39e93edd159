import { Injectable } from '@nestjs/common';
import { AccountError } from '../../kernel/errors';
import type { Origin } from '../../kernel/origin';
import type { Authentication } from '../../services/session-authenticator';
import { type SessionInfo, SessionsService } from '../../services/sessions.service';
import { type TrustedDeviceInfo, TrustedDevicesService } from '../../services/trusted-devices.service';

/** A session of the caller; one of them is the one that asks. */
export type OwnSession = SessionInfo & { readonly current: boolean };

/** A device that the caller trusts; it may be the one that asks. */
export type OwnTrustedDevice = TrustedDeviceInfo & { readonly current: boolean };

/** What somebody signed in sees and does of their sessions (ASVS 7.5.2). */
@Injectable()
export class OwnSessionsService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly devices: TrustedDevicesService,
  ) {}

  /** The caller's sessions, newest first. */
  async list({ user, sessionId }: Authentication): Promise<readonly OwnSession[]> {
    const found = await this.sessions.listFor(user.id);
    return found.map((session) => ({ ...session, current: session.id === sessionId }));
  }

  /** The devices that the caller trusts, newest first; null where none can be trusted. */
  async trusted({ user, deviceId }: Authentication): Promise<readonly OwnTrustedDevice[] | null> {
    if (!this.devices.isOn) return null;
    const found = await this.devices.listFor(user.id);
    return found.map((device) => ({ ...device, current: device.deviceId === deviceId }));
  }

  /**
   * Ends a session, or the trust in a device.
   * @throws AccountError `session.not_found`, also for one that is somebody else's
   */
  async end(caller: Authentication, id: string, origin: Origin): Promise<void> {
    const by = { actor: caller.user.id, origin };
    // The one that asks: that is signing out.
    if (id === caller.sessionId) return this.sessions.endOwn(caller, by);
    const isEnded =
      (await this.sessions.end(caller.user.id, id, by)) || (await this.devices.end(caller.user.id, id, by));
    if (!isEnded) throw new AccountError('session.not_found');
  }

  /** Ends every session but the caller's, and the trust in every other device. */
  async endOthers({ user, sessionId, deviceId }: Authentication, origin: Origin): Promise<void> {
    await this.sessions.endOthers(user.id, sessionId, { actor: user.id, origin });
    await this.devices.endOthers(user.id, deviceId);
  }
}
