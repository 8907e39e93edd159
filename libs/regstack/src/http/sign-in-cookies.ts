import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { type SignInClient, SignInTransports } from '../services/sign-in-transports';
import type { SignedIn } from '../services/sign-in.service';
import type { Transport } from '../services/token.service';
import { DeviceCookie } from './device-cookie';
import type { Exchange } from './exchange';
import { comesFromElsewhere, ownOrigin, type SentRequest } from './same-origin';
import { SessionCookie } from './session-cookie';

const BOTH: readonly Transport[] = ['bearer', 'cookie'];
const BEARER: readonly Transport[] = ['bearer'];

/** The cookies of a sign-in: the device's always, the session's where that is how its token travels. */
@Injectable()
export class SignInCookies {
  private readonly origin: string;

  constructor(
    config: RegStackConfig,
    private readonly device: DeviceCookie,
    private readonly session: SessionCookie,
    private readonly transports: SignInTransports,
  ) {
    this.origin = ownOrigin(config);
  }

  /**
   * By which device, and with which transports, a request may sign in.
   * @param wanted the transport that it asks for
   * @throws AccountError `request.cross_site` where a page of another site would put its own session into this browser
   */
  read(exchange: Exchange, wanted: Transport): SignInClient {
    const client = this.clientOf(exchange);
    this.transports.check(client, wanted);
    return client;
  }

  /** The same for a request in the middle of a sign-in, whose transport was asked for at its beginning. */
  clientOf({ request, origin }: Exchange): SignInClient {
    const deviceToken = this.device.read(request.headers.cookie);
    const transports = comesFromElsewhere(this.origin, request) ? BEARER : BOTH;
    return { deviceToken, transports, origin };
  }

  /** Token of the session that a new one takes the place of, in a browser. */
  replaced({ headers }: SentRequest, transport: Transport): string | null {
    return transport === 'cookie' ? this.session.read(headers.cookie) : null;
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
