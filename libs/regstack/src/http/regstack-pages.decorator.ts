import {
  applyDecorators,
  Controller,
  SetMetadata,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { PageFilter } from './page.filter';
import { Public } from './access';
import { SameOriginGuard } from './same-origin.guard';

/** What `@ApiExcludeController()` of `@nestjs/swagger` leaves: pages are no part of an API document. */
const SWAGGER_EXCLUDE = 'swagger/apiExcludeController';

/**
 * A controller of pages of ours: posts from our own pages only, refusals as pages, outside the host's versioning. Public, because
 * a mailed link is opened signed out, also where the host has made the guard global.
 */
export function RegStackPages(path: string): ClassDecorator {
  return applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    Public(),
    UseGuards(SameOriginGuard),
    UseFilters(PageFilter),
    SetMetadata(SWAGGER_EXCLUDE, [true]),
  );
}
