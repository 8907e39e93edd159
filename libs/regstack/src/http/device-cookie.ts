import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RegStackConfig } from '../config/regstack.config';
import { InstanceName } from '../services/instance-name';
import { cookieName, readCookie, setCookie } from './cookies';

/** The cookie by which a device is known. Set at every sign-in, on pages and JSON alike. */
@Injectable()
export class DeviceCookie {
  private readonly name: string;
  private readonly secure: boolean;

  constructor(
    private readonly config: RegStackConfig,
    instance: InstanceName,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    this.name = `${instance.slug}-device`;
    this.secure = config.baseUrl.startsWith('https:');
  }

  /** The token in the cookie, or null. */
  read(cookieHeader: string | undefined): string | null {
    return readCookie(cookieHeader, cookieName(this.name, this.secure));
  }

  /** Puts the token into the cookie, beside whatever cookies the host sets. */
  set(response: unknown, deviceToken: string): void {
    const { secure, config, adapterHost } = this;
    const cookie = setCookie(this.name, deviceToken, { secure, maxAge: config.deviceCookieTtlSeconds });
    adapterHost.httpAdapter.appendHeader(response, 'set-cookie', cookie);
  }
}
