import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';
import type { Origin } from '../kernel/origin';
import { SecurityLog } from '../services/security-log';
import type { SignedIn } from '../services/sign-in.service';
import type { Transport } from '../services/token.service';
import { DeviceCookie } from './device-cookie';
import { comesFromElsewhere, ownOrigin, type SentRequest } from './same-origin';
import { SessionCookie } from './session-cookie';

/** What a request to sign in brings along. */
export interface BroughtCookies {
  /** By which the device may be known. */
  readonly deviceToken: string | null;
  /** Token of the session that a new one takes the place of. */
  readonly replaced: string | null;
}

/** The cookies of a sign-in: the device's always, the session's where that is how its token travels. */
@Injectable()
export class SignInCookies {
  private readonly origin: string;

  constructor(
    config: RegStackConfig,
    private readonly device: DeviceCookie,
    private readonly session: SessionCookie,
    private readonly log: SecurityLog,
  ) {
    this.origin = ownOrigin(config);
  }

  /**
   * What a request to sign in brings along.
   * @throws AccountError `request.cross_site` where a page of another site would put its own session into this browser
   */
  read(request: SentRequest, transport: Transport, origin: Origin): BroughtCookies {
    const isByCookie = transport === 'cookie';
    if (isByCookie && comesFromElsewhere(this.origin, request)) {
      this.log.note('access.cross_site', { actor: null, origin }, { result: 'refused' });
      throw new AccountError('request.cross_site');
    }
    const { cookie } = request.headers;
    return {
      deviceToken: this.device.read(cookie),
      replaced: isByCookie ? this.session.read(cookie) : null,
    };
  }

  /** Puts into cookies what the browser is to keep. */
  set(response: unknown, { accessToken, expiresIn, deviceToken }: SignedIn, transport: Transport): void {
    this.device.set(response, deviceToken);
    if (transport === 'cookie') this.session.set(response, accessToken, expiresIn);
  }

  /** The browser forgets the session. */
  forgetSession(response: unknown): void {
    this.session.forget(response);
  }
}
