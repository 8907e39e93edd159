import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RegStackConfig } from '../config/regstack.config';
import { InstanceName } from '../services/instance-name';
import { OwnCookie } from './own-cookie';

/** The cookie by which a device is known. Set at every sign-in, on pages and JSON alike. */
@Injectable()
export class DeviceCookie extends OwnCookie {
  constructor(
    private readonly config: RegStackConfig,
    instance: InstanceName,
    adapterHost: HttpAdapterHost,
  ) {
    super(config, instance, adapterHost, 'device');
  }

  /** Keeps the token by which the device is known from now on. */
  set(response: unknown, deviceToken: string): void {
    this.put(response, deviceToken, this.config.deviceCookieTtlSeconds);
  }
}
