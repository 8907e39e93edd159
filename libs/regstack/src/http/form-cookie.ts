import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RegStackConfig } from '../config/regstack.config';
import { InstanceName } from '../services/instance-name';
import { OwnCookie } from './own-cookie';

/** How long a page may stay open before its form is sent, seconds. */
const MAX_AGE = 43_200;

/** The cookie that the forms of somebody who is not signed in are bound to. */
@Injectable()
export class FormCookie extends OwnCookie {
  constructor(config: RegStackConfig, instance: InstanceName, adapterHost: HttpAdapterHost) {
    super(config, instance, adapterHost, 'form');
  }

  set(response: unknown, value: string): void {
    this.put(response, value, MAX_AGE);
  }
}
