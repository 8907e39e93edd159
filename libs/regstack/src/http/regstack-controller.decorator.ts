import { applyDecorators, Controller, UseFilters, UseGuards, VERSION_NEUTRAL } from '@nestjs/common';
import { ProblemFilter } from './problem.filter';
import { RegStackAuthGuard } from './regstack-auth.guard';

/** A controller of JSON routes of ours: guarded unless `@Public()`, refusals as problem+json, outside the host's versioning. */
export function RegStackController(): ClassDecorator {
  return applyDecorators(
    Controller({ version: VERSION_NEUTRAL }),
    UseGuards(RegStackAuthGuard),
    UseFilters(ProblemFilter),
  );
}
