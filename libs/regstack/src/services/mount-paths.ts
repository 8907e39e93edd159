import { Injectable } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';

/** Where our routes are, below the host's global prefix. Asked at the time of use: the host sets its prefix after we are made. */
@Injectable()
export class MountPaths {
  constructor(private readonly app: ApplicationConfig) {}

  /** `path` below the global prefix, unless the host excluded it. */
  of(path: string): string {
    const excluded = this.app.getGlobalPrefixOptions().exclude ?? [];
    return excluded.some(({ pathRegex }) => pathRegex.test(path)) ? path : this.globalPrefix() + path;
  }

  /** The places where routes under `prefix` may be: a host may exclude some of them from its global prefix. */
  possible(prefix: string): readonly string[] {
    const mounted = `${this.globalPrefix()}${prefix}`;
    return mounted === prefix ? [prefix] : [mounted.toLowerCase(), prefix];
  }

  private globalPrefix(): string {
    const prefix = this.app.getGlobalPrefix().replace(/^\/+|\/+$/g, '');
    return prefix === '' ? '' : `/${prefix}`;
  }
}
