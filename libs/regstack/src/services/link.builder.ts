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

  /** Path of a page of ours as a browser sees it: below the path of `base_url` and the host's global prefix. */
  pagePath(path: string): string {
    const base = new URL(this.config.baseUrl).pathname.replace(/\/+$/, '');
    return base + this.paths.of(this.config.uiPrefix + path);
  }

  private page(path: string): string {
    return new URL(this.config.baseUrl).origin + this.pagePath(path);
  }
}
