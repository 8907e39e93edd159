import { Injectable } from '@nestjs/common';
import { RegStackConfig } from '../config/regstack.config';
import { InstanceName } from './instance-name';
import { MountPaths } from './mount-paths';

/** Paths as a browser sees them: below the path of `base_url` and the host's global prefix. */
@Injectable()
export class BrowserPaths {
  private readonly base: string;

  constructor(
    private readonly config: RegStackConfig,
    private readonly paths: MountPaths,
    private readonly instance: InstanceName,
  ) {
    this.base = new URL(config.baseUrl).pathname.replace(/\/+$/, '');
  }

  /** Path of a page of ours, such as `/login`. */
  page(path: string): string {
    return this.base + this.paths.of(this.config.uiPrefix + path);
  }

  /** Path of a style sheet or script of ours, such as `/core.css`. */
  file(path: string): string {
    return this.base + this.paths.of(this.instance.filesUnder(this.config.staticPrefix) + path);
  }

  /** What a browser asked for, whose request has come to us as this target. */
  asked(target: string): string {
    return this.base + target;
  }
}
