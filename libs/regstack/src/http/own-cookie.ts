import type { HttpAdapterHost } from '@nestjs/core';
import type { RegStackConfig } from '../config/regstack.config';
import type { InstanceName } from '../services/instance-name';
import { cookieName, readCookie, setCookie } from './cookies';

/** A cookie of one instance, which scripts cannot read. */
export abstract class OwnCookie {
  private readonly name: string;
  private readonly secure: boolean;

  /** @param purpose ends its name */
  constructor(
    config: RegStackConfig,
    instance: InstanceName,
    private readonly adapterHost: HttpAdapterHost,
    purpose: string,
  ) {
    this.name = `${instance.slug}-${purpose}`;
    this.secure = config.baseUrl.startsWith('https:');
  }

  /**
   * What is in the cookie, or null.
   * @throws AccountError `request.malformed` when it comes twice
   */
  read(cookieHeader: string | undefined): string | null {
    return readCookie(cookieHeader, cookieName(this.name, this.secure));
  }

  /** The browser forgets what is in it. */
  forget(response: unknown): void {
    this.put(response, '', 0);
  }

  /** Puts a value into the cookie, beside whatever cookies the host sets. */
  protected put(response: unknown, value: string, maxAge: number): void {
    const cookie = setCookie(this.name, value, { secure: this.secure, maxAge });
    this.adapterHost.httpAdapter.appendHeader(response, 'set-cookie', cookie);
  }
}
