import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RegStackConfig } from '../config/regstack.config';
import { InstanceName } from '../services/instance-name';
import { OwnCookie } from './own-cookie';

/** The cookie that keeps the session of a browser: for our pages, and for an app on the same origin that signs in by it. */
@Injectable()
export class SessionCookie extends OwnCookie {
  constructor(config: RegStackConfig, instance: InstanceName, adapterHost: HttpAdapterHost) {
    super(config, instance, adapterHost, 'session');
  }

  /** @param token made for a cookie; as a bearer token it is worth nothing */
  set(response: unknown, token: string, maxAge: number): void {
    this.put(response, token, maxAge);
  }
}
