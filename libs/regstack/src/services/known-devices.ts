import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { addSeconds, Clock } from '../kernel/clock';
import type { UserRecord } from '../ports/user.repository';
import { InstanceName } from './instance-name';
import { KeyRing } from './key-ring';
import type { KnownDevice } from './lockout.service';
import { numericDate, SignedTokens } from './signed-tokens';

/** Header `typ` of the token in a device's cookie. */
const TYPE = 'device+jwt';

/**
 * Devices on which a user has signed in before, by a signed token that each keeps in a cookie. It opens nothing: it says in which
 * window guesses from this device are counted, so that a stranger's guesses do not lock it out (R17), and which device its user may trust.
 */
@Injectable()
export class KnownDevices {
  private readonly tokens: SignedTokens;

  constructor(
    private readonly config: RegStackConfig,
    keys: KeyRing,
    private readonly clock: Clock,
    name: InstanceName,
  ) {
    this.tokens = new SignedTokens(config, keys, name, 'device', TYPE);
  }

  /** The device, if its token is ours, in time, and about this user; null otherwise. */
  recognise(token: string | null, { id: userId, authEpoch }: UserRecord): KnownDevice | null {
    const claims = token === null ? null : this.tokens.read(token);
    if (!claims || claims['sub'] !== userId) return null;
    const { jti, exp, auth_epoch: knownSince } = claims;
    const isInTime = typeof exp === 'number' && exp > numericDate(this.clock.now());
    const isWhole = typeof jti === 'string' && typeof knownSince === 'number';
    return isInTime && isWhole ? { id: jti, knownSince, authEpoch } : null;
  }

  /** The token by which the device is known from now on, for `device_cookie_ttl_seconds`. */
  remember(deviceId: string, { id: sub, authEpoch: auth_epoch }: UserRecord): string {
    const now = this.clock.now();
    const expiresAt = addSeconds(now, this.config.deviceCookieTtlSeconds);
    const times = { iat: numericDate(now), exp: numericDate(expiresAt) };
    return this.tokens.sign({ sub, jti: deviceId, auth_epoch, ...times });
  }
}
