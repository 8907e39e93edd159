import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { RegStackConfig } from '../config/regstack.config';

/** Metadata keys of the decorators below. */
const IS_PUBLIC = 'regstack:public';
const IS_OPTIONAL = 'regstack:optional';
const NEEDS_FRESH = 'regstack:fresh';
const ROLES = 'regstack:roles';
const SWITCHES_OF = 'regstack:switches';

/**
 * Opens a route (or all of a controller) that `RegStackAuthGuard` would guard. What `@Roles()` or `@RequireFresh()` stand on stays
 * closed, unless it is they that stand on the controller and this on the route.
 */
export const Public = (): ClassDecorator & MethodDecorator => SetMetadata(IS_PUBLIC, true);

/**
 * Lets everybody pass; `@CurrentUser()` and `@CurrentSession()` are null for whoever is not signed in. A database that cannot answer
 * is 503 all the same: nobody is taken for a stranger because of it.
 */
export const OptionalAuth = (): ClassDecorator & MethodDecorator => SetMetadata(IS_OPTIONAL, true);

/**
 * Asks for one of these roles, which admins set (`roles` of the user): 403 `account.not_allowed` for whoever has none of them. A
 * superuser has the roles that they were given, and no others. On a method it stands in the place of the one on its controller.
 */
export const Roles = (...roles: readonly [string, ...string[]]): ClassDecorator & MethodDecorator =>
  SetMetadata(ROLES, roles);

/**
 * Asks for a session whose user has proved within `fresh_session_seconds` to be who they are, by signing in or by `POST
 * /reauthenticate` (ASVS 7.5.3): 403 `session.stale` otherwise.
 */
export const RequireFresh = (): ClassDecorator & MethodDecorator => SetMetadata(NEEDS_FRESH, true);

/** A route of ours that settings switch: when one of these is off, 404 `feature.disabled` for everybody, signed in or not. */
export const SwitchedBy = (...names: readonly Switch[]): ClassDecorator & MethodDecorator =>
  SetMetadata(SWITCHES_OF, names);

/** What switches routes, by the settings. */
const SWITCHES = {
  deletion: ({ enableAccountDeletion }: RegStackConfig) => enableAccountDeletion,
  admin: ({ enableAdminRouter }: RegStackConfig) => enableAdminRouter,
  pages: ({ enableUiRouter }: RegStackConfig) => enableUiRouter,
  passwordReset: ({ enablePasswordReset }: RegStackConfig) => enablePasswordReset,
  smsEnrolment: ({ enableSms2fa, mfaPolicy }: RegStackConfig) => enableSms2fa && mfaPolicy !== 'off',
  totpEnrolment: ({ enableTotp, mfaPolicy }: RegStackConfig) => enableTotp && mfaPolicy !== 'off',
} as const;

/** Name of what switches routes. */
export type Switch = keyof typeof SWITCHES;

/** Who may pass on a route. */
export interface Access {
  readonly isPublic: boolean;
  readonly isOptional: boolean;
  readonly needsFresh: boolean;
  /** Null: no role is asked for. */
  readonly roles: readonly string[] | null;
  readonly isSwitchedOff: boolean;
}

/** Reads who may pass, once per route: a decorator does not change. */
export class AccessRules {
  private readonly known = new WeakMap<object, Map<unknown, Access>>();

  constructor(private readonly config: RegStackConfig) {}

  /** What the method says goes before what its controller says. */
  of(context: ExecutionContext): Access {
    const [route, controller] = [context.getHandler(), context.getClass()];
    // By both: two controllers may inherit one method.
    let routes = this.known.get(controller);
    if (!routes) this.known.set(controller, (routes = new Map()));
    let access = routes.get(route);
    if (!access) routes.set(route, (access = this.read(route, controller)));
    return access;
  }

  private read(route: object, controller: object): Access {
    const [own, shared] = [saidOn(route), saidOn(controller)];
    // Whoever asks for something on one route of an open controller means it, and whoever opens one of a demanding controller too.
    const isOpened = opens(own) && !asks(own);
    const isClosed = asks(own) || (asks(shared) && !isOpened);
    return {
      isPublic: !isClosed && (isOpened ? own : shared).isPublic,
      isOptional: !isClosed && (isOpened ? own : shared).isOptional,
      needsFresh: isClosed && (own.needsFresh || shared.needsFresh),
      roles: isClosed ? (own.roles ?? shared.roles ?? null) : null,
      isSwitchedOff: [...own.switches, ...shared.switches].some((name) => !SWITCHES[name](this.config)),
    };
  }
}

/** What the decorators on a route, or on a controller, say. */
interface Said {
  readonly isPublic: boolean;
  readonly isOptional: boolean;
  readonly needsFresh: boolean;
  readonly roles: readonly string[] | undefined;
  readonly switches: readonly Switch[];
}

function saidOn(target: object): Said {
  const said = (key: string): unknown => Reflect.getMetadata(key, target);
  return {
    isPublic: said(IS_PUBLIC) === true,
    isOptional: said(IS_OPTIONAL) === true,
    needsFresh: said(NEEDS_FRESH) === true,
    roles: said(ROLES) as readonly string[] | undefined,
    switches: (said(SWITCHES_OF) as readonly Switch[] | undefined) ?? [],
  };
}

const asks = ({ roles, needsFresh }: Said): boolean => roles !== undefined || needsFresh;
const opens = ({ isPublic, isOptional }: Said): boolean => isPublic || isOptional;
