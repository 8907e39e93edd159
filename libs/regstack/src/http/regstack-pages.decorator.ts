import { applyDecorators, Controller, UseFilters, UseGuards, VERSION_NEUTRAL } from '@nestjs/common';
import { PageFilter } from './page.filter';
import { SameOriginGuard } from './same-origin.guard';

/** A controller of pages of ours: posts from our own pages only, refusals as pages, outside the host's versioning. */
export function RegStackPages(path: string): ClassDecorator {
  return applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    UseGuards(SameOriginGuard),
    UseFilters(PageFilter),
  );
}
