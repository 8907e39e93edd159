import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';
import type { SignedIn } from '../services/sign-in.service';
import type { Transport } from '../services/token.service';
import { DeviceCookie } from './device-cookie';
import { comesFromElsewhere, type SentRequest } from './same-origin';
import { SessionCookie } from './session-cookie';

/** The cookies of a sign-in: the device's always, the session's where that is how its token travels. */
@Injectable()
export class SignInCookies {
  private readonly origin: string;

  constructor(
    config: RegStackConfig,
    private readonly device: DeviceCookie,
    private readonly session: SessionCookie,
  ) {
    this.origin = new URL(config.baseUrl).origin;
  }

  /**
   * What a request to sign in brings along.
   * @throws AccountError `request.cross_site` where a page of another site would put its own session into this browser
   */
  read(request: SentRequest, transport: Transport): { deviceToken: string | null; replaced: string | null } {
    const isByCookie = transport === 'cookie';
    if (isByCookie && comesFromElsewhere(this.origin, request)) throw new AccountError('request.cross_site');
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
