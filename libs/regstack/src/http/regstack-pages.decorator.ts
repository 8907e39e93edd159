import {
  applyDecorators,
  Controller,
  Res,
  type Type,
  UseFilters,
  UseGuards,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants';
import { Public, type Switch, SwitchedBy } from './access';
import { FormTokenGuard } from './form-token.guard';
import { NotInApiDocument } from './not-in-api-document';
import { PageFilter } from './page.filter';
import { RegStackAuthGuard } from './regstack-auth.guard';
import { SameOriginGuard } from './same-origin.guard';

/** What holds for some pages only. */
interface PagesOptions {
  readonly guard?: Type<RegStackAuthGuard>;
  /** What has to be on beside the pages. */
  readonly switchedBy?: Switch;
}

/**
 * A controller of pages of ours, for who is signed in unless `@OptionalAuth()`: forms from our own pages only, refusals as pages, outside
 * the host's versioning.
 */
export function RegStackPages(
  path = '',
  { guard = RegStackAuthGuard, switchedBy = 'pages' }: PagesOptions = {},
): ClassDecorator {
  return applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    SwitchedBy('pages', switchedBy),
    UseGuards(SameOriginGuard, guard, FormTokenGuard),
    UseFilters(PageFilter),
    NotInApiDocument(),
    answersItself,
  );
}

/**
 * A controller of the page of a mailed link, which is there whether the others are or not. Public, because such a link is opened signed
 * out, also where the host has made the guard global; its form is bound to its link.
 */
export function LandingPage(path: string): ClassDecorator {
  return applyDecorators(
    Controller({ path, version: VERSION_NEUTRAL }),
    Public(),
    UseGuards(SameOriginGuard),
    UseFilters(PageFilter),
    NotInApiDocument(),
    answersItself,
  );
}

/** Pages answer through their exchange, and what a method returns is no answer. To Nest `@Res()` says so, on a parameter more. */
function answersItself(type: object): void {
  const { prototype } = type as { readonly prototype: Readonly<Record<string, unknown>> };
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const method = prototype[name];
    const isRoute = typeof method === 'function' && Reflect.hasMetadata(PATH_METADATA, method);
    if (isRoute) Res()(prototype, name, method.length);
  }
}
