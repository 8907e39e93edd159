import {
  METHOD_METADATA,
  MODULE_PATH,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
  RouteParamtypes,
} from '@nestjs/common/internal';
import { type INestApplication, RequestMethod, type Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { RegStackConfig } from '@regstack/nestjs';

/** A route of the app, as it describes itself. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** A JSON route or a page of ours, or a route of the host. */
  readonly kind: 'api' | 'page' | 'host';
  /** Names of the body's fields. */
  readonly fields: readonly string[];
  /** Names of the query's fields, where it has a shape. */
  readonly queries: readonly string[];
  /** Names of the query parameters, headers and cookies that the handler takes by name. */
  readonly takes: readonly string[];
}

/** One entry of a handler's parameters in Nest's metadata. */
interface Argument {
  /** What it is taken from. */
  readonly from: string;
  readonly data?: unknown;
  readonly pipes?: readonly { readonly fields?: readonly string[] }[];
}

type Handler = (...args: never[]) => unknown;

/** Every route of every controller of the app, out of the metadata from which Nest builds its router. */
export function routesOf(app: INestApplication): readonly Route[] {
  const modules = app.get(ModulesContainer);
  const config = app.get(RegStackConfig, { strict: false });
  const facts = [...modules.values()].flatMap(({ metatype, controllers }) => {
    const prefix: unknown =
      Reflect.getMetadata(MODULE_PATH + modules.applicationId, metatype) ??
      Reflect.getMetadata(MODULE_PATH, metatype);
    return [...controllers.values()].flatMap((wrapper) =>
      routesOfController(wrapper.metatype as Type, prefix ?? ''),
    );
  });
  const kindOf = (path: string): Route['kind'] => {
    if (path.startsWith(`${config.apiPrefix}/`)) return 'api';
    return path.startsWith(`${config.uiPrefix}/`) ? 'page' : 'host';
  };
  return facts.map((route) => ({ ...route, kind: kindOf(route.path) }));
}

function routesOfController(controller: Type, prefix: unknown): readonly Omit<Route, 'kind'>[] {
  const above = pathsOf(controller);
  return handlersOf(controller).flatMap(([name, handler]) => {
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number]!;
    const args = argumentsOf(controller, name);
    const shapeOf = (source: RouteParamtypes): string[] =>
      args.flatMap(({ from, pipes = [] }) =>
        from === String(source) ? pipes.flatMap((pipe) => pipe.fields ?? []) : [],
      );
    const fields = shapeOf(RouteParamtypes.BODY);
    const queries = shapeOf(RouteParamtypes.QUERY);
    const named = args.flatMap(({ data }) => (typeof data === 'string' ? [data] : []));
    const takes = [...named, ...queries];
    return above.flatMap((upper) =>
      pathsOf(handler).map((lower) => ({
        method,
        path: joined(prefix, upper, lower),
        fields,
        queries,
        takes,
      })),
    );
  });
}

/** Methods with a route decorator, inherited ones as well. */
function handlersOf(controller: Type): readonly (readonly [string, Handler])[] {
  const found = new Map<string, Handler>();
  for (
    let one = controller.prototype as object | null;
    one && one !== Object.prototype;
    one = Object.getPrototypeOf(one) as object | null
  )
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(one)))
      if (!found.has(name) && typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value))
        found.set(name, value as Handler);
  return [...found];
}

function argumentsOf(controller: Type, handler: string): readonly Argument[] {
  const metadata: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler);
  // Keys are `source:index`; a decorator of somebody's own has another, and is no source that is told apart here.
  return Object.entries((metadata ?? {}) as Record<string, Omit<Argument, 'from'>>).map(
    ([key, argument]) => ({
      ...argument,
      from: key.split(':', 1)[0]!,
    }),
  );
}

function pathsOf(target: object): readonly unknown[] {
  return [Reflect.getMetadata(PATH_METADATA, target) as unknown].flat();
}

const joined = (...parts: readonly unknown[]): string =>
  `/${parts
    .map((part) => String(part).replaceAll(/^\/+|\/+$/g, ''))
    .filter((part) => part !== '')
    .join('/')}`;
