import {
  applyDecorators,
  Controller,
  type Type,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { ProblemFilter } from './problem.filter';
import { RegStackAuthGuard } from './regstack-auth.guard';

/** A controller of JSON routes of ours: guarded unless `@Public()`, refusals as problem+json, outside the host's versioning. */
export function RegStackController(guard: Type<RegStackAuthGuard> = RegStackAuthGuard): ClassDecorator {
  return applyDecorators(
    Controller({ version: VERSION_NEUTRAL }),
    UseGuards(guard),
    UseFilters(ProblemFilter),
  );
}
