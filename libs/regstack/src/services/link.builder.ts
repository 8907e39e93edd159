import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { MountPaths } from './mount-paths';

/** Builds every link that is mailed: from `base_url` and our own settings, never from a request's headers (R33). */
@Injectable()
export class LinkBuilder {
  constructor(
    private readonly config: RegStackConfig,
    private readonly paths: MountPaths,
  ) {}

  /** Link that proves the address of an attempt to register. */
  verify(token: string): string {
    const template = this.config.verifyUrlTemplate;
    return template?.replaceAll('{token}', token) ?? `${this.page('/verify')}?token=${token}`;
  }

  private page(path: string): string {
    return this.config.baseUrl.replace(/\/+$/, '') + this.paths.of(this.config.uiPrefix + path);
  }
}
