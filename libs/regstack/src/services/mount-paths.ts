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

  /**
   * Matches a path (lower case) at or below `prefix`, with the global prefix or without it: a host may exclude some routes from
   * it. A parameter in the global prefix (`:tenant`) stands for any segment, and one that is more of a pattern for anything.
   */
  pattern(prefix: string): RegExp {
    const ours = prefix.replaceAll('.', '\\.');
    if (/[{}*()%]|\/\//.test(this.globalPrefix())) return new RegExp(`^(/.*)?${ours}(/|$)`);
    const global = this.globalPrefix()
      .toLowerCase()
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:[^/]+/g, '[^/]+');
    return new RegExp(`^(${global})?${ours}(/|$)`);
  }

  private globalPrefix(): string {
    const prefix = this.app.getGlobalPrefix().replace(/^\/+|\/+$/g, '');
    return prefix === '' ? '' : `/${prefix}`;
  }
}
