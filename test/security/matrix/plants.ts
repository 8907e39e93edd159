import type { IncomingMessage } from 'node:http';
import { GUARDS_METADATA } from '@nestjs/common/internal';
import type { CanActivate, ExecutionContext, INestApplication, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import {
  type Authentication,
  Public,
  RegStackAdminGuard,
  RegStackAuthGuard,
  SessionAuthenticator,
  type Transport,
} from '@regstack/nestjs';
import { ADAPTER } from '../../support/adapter';
import type { Options } from './ground';

/** A defect of access, put into the app before it starts. */
export interface Plant {
  readonly name: string;
  readonly play: (app: INestApplication) => void;
  readonly options?: Options;
  /** Where it is looked for: at paths that begin so. */
  readonly at: string;
  /** Beginnings of deviations that are to be reported; where there are none, nothing is. */
  readonly finds: readonly string[];
}

const ADMIN = '/api/auth/admin';
/** The spelling that this router takes, and that is not the one of the route. */
const OTHER_SPELLING = ADAPTER === 'fastify' ? 'a letter escaped' : 'capitals';

/** Defects of each kind that the matrix is there for. */
export const PLANTS: readonly Plant[] = [
  {
    name: '@Public() on an admin route, which opens no guard of admins',
    at: ADMIN,
    play: (app) => open(app, 'AdminUsersController', 'list'),
    finds: [],
  },
  {
    name: '@Public() on an admin route, behind a guard that goes by it',
    at: `${ADMIN}/users`,
    play: (app) => {
      open(app, 'AdminUsersController', 'list');
      guardBy(app, 'AdminUsersController', RegStackAuthGuard);
    },
    finds: [
      `GET ${ADMIN}/users for nobody, as it is: to be refused with 401 session.required, answered 200`,
      `GET ${ADMIN}/users for a disabled user, HEAD: to be refused with 401 session.required, answered 200`,
    ],
  },
  {
    name: 'the plain guard where that of admins belongs',
    at: `${ADMIN}/audit`,
    play: (app) => guardBy(app, 'AdminRecordsController', RegStackAuthGuard),
    finds: [
      `GET ${ADMIN}/audit for user, as it is: to be refused with 403 account.not_allowed, answered 200`,
    ],
  },
  {
    name: 'freshness that is not asked for',
    at: `${ADMIN}/users`,
    play: (app) => forget(app, 'AdminUsersController', 'remove', 'regstack:fresh'),
    finds: [
      `DELETE ${ADMIN}/users/:id for admin with an old session, as it is: ` +
        'to be refused with 403 session.stale, answered 422 request.invalid',
    ],
  },
  {
    name: 'a role that is not asked for',
    at: '/host/editors',
    play: (app) => forget(app, 'EditorsController', 'readTexts', 'regstack:roles'),
    finds: [
      'GET /host/editors/texts for user, as it is: may pass, answered 403',
      'GET /host/editors/texts for editor, as it is: to be refused with 403 account.not_allowed, answered 200',
    ],
  },
  {
    name: 'a switch that is forgotten',
    at: '/api/auth/account',
    options: { enableAccountDeletion: false },
    play: (app) => forget(app, 'AccountController', 'deleteByPost', 'regstack:switches'),
    finds: ['POST /api/auth/account/delete for user, as it is: to be refused with 404 feature.disabled'],
  },
  {
    name: 'an enrolment that is open to strangers',
    at: '/api/auth/phone',
    play: (app) => guardBy(app, 'EnrolmentController', RegStackAuthGuard),
    finds: [
      'POST /api/auth/phone/start for nobody, as it is: to be refused with 401 session.required, answered 422',
      'POST /api/auth/phone/confirm for a disabled user, as it is: to be refused with 401 session.required',
    ],
  },
  {
    name: 'a sign-in that waits for the second step and counts as a session',
    at: '/',
    play: (app) => takeForSessions(app, 'sign-in'),
    finds: [
      'GET /api/auth/me for somebody who waits for the second step, as it is: to be refused with 401',
      'DELETE /api/auth/mfa/totp for somebody who waits for the second step, as it is: to be refused with 401',
      'GET /host/guarded for somebody who waits for the second step, HEAD: to be refused with 401',
    ],
  },
  {
    name: 'a sign-in that waits for enrolment and counts as a session',
    at: '/api/auth/mfa',
    play: (app) => takeForSessions(app, 'enrolment'),
    finds: [
      'POST /api/auth/mfa/challenge for somebody who waits for enrolment, as it is: to be refused with 401',
      'POST /api/auth/mfa/totp/start for somebody who waits for enrolment, as it is: to be refused with 401',
    ],
  },
  {
    name: 'cookies that count from wherever they come',
    at: '/',
    play: trustEveryCookie,
    finds: [
      'PATCH /api/auth/me for user by cookie from another site, as it is: to be refused with 403 request.cross_site',
      `DELETE ${ADMIN}/users/:id for admin by cookie from another site, as it is: to be refused with 403`,
      'POST /host/guarded for user by cookie from nowhere, as it is: to be refused with 403 request.cross_site',
    ],
  },
  {
    name: 'a guard that goes by the path as it is written',
    at: ADMIN,
    play: (app) =>
      guardBy(app, 'AdminUsersController', {
        canActivate: (context) => {
          const { url } = context.switchToHttp().getRequest<IncomingMessage>();
          return url!.startsWith(`${ADMIN}/stats`) || !/stats$|%/i.test(url!)
            ? adminGuardOf(app).canActivate(context)
            : true;
        },
      }),
    finds: [`GET ${ADMIN}/stats for nobody, ${OTHER_SPELLING}: to be refused with 401`],
  },
  {
    name: 'a guard that lets HEAD pass',
    at: `${ADMIN}/audit`,
    play: (app) =>
      guardBy(app, 'AdminRecordsController', {
        canActivate: (context) =>
          context.switchToHttp().getRequest<IncomingMessage>().method === 'HEAD' ||
          adminGuardOf(app).canActivate(context),
      }),
    finds: [`GET ${ADMIN}/audit for nobody, HEAD: to be refused with 401 session.required, answered 200`],
  },
  {
    name: 'a header that is taken for the method',
    at: '/host/guarded',
    play: (app) =>
      before(app, (request) => {
        request.method = headerOf(request, 'x-http-method-override') ?? request.method!;
      }),
    finds: [
      'POST /host/guarded for user, the method in a header only: nothing is there, answered 201',
      'POST /host/guarded for user by cookie from another site, a header that says GET: to be refused with 403',
    ],
  },
  {
    name: 'a header that is taken for the path',
    at: '/api/auth/me',
    play: (app) =>
      before(app, (request) => {
        request.url = headerOf(request, 'x-original-url') ?? request.url!;
      }),
    finds: [
      'GET /api/auth/me for user, the path in a header only: nothing is there, answered 200',
      'GET /api/auth/me for nobody, a header that says a free path: to be refused with 401',
    ],
  },
];

const undone: (() => void)[] = [];

/** Takes the plants out of the classes that all apps share. */
export function weed(): void {
  for (const undo of undone.splice(0).toReversed()) undo();
}

/** Finds a class of the app by its name: most of ours are not exported, for good reason. */
function classNamed(app: INestApplication, name: string): Type {
  for (const { controllers } of app.get(ModulesContainer).values())
    for (const { metatype } of controllers.values()) if (metatype?.name === name) return metatype as Type;
  throw new Error(`the app has no controller ${name}`);
}

function handlerOf(app: INestApplication, controller: string, name: string): object {
  return (classNamed(app, controller).prototype as Readonly<Record<string, object>>)[name]!;
}

function change(target: object, key: string, value: unknown): void {
  const former: unknown = Reflect.getMetadata(key, target);
  if (value === undefined) Reflect.deleteMetadata(key, target);
  else Reflect.defineMetadata(key, value, target);
  undone.push(() => {
    if (former === undefined) Reflect.deleteMetadata(key, target);
    else Reflect.defineMetadata(key, former, target);
  });
}

function open(app: INestApplication, controller: string, name: string): void {
  const handler = handlerOf(app, controller, name);
  (Public() as MethodDecorator)(handler, name, { value: handler });
  undone.push(() => void Reflect.deleteMetadata('regstack:public', handler));
}

function forget(app: INestApplication, controller: string, name: string, key: string): void {
  change(handlerOf(app, controller, name), key, undefined);
}

function guardBy(app: INestApplication, controller: string, guard: Type | CanActivate): void {
  change(classNamed(app, controller), GUARDS_METADATA, [guard]);
}

const adminGuardOf = (app: INestApplication) => {
  const guard = app.get(RegStackAdminGuard, { strict: false });
  return { canActivate: (context: ExecutionContext) => guard.canActivate(context) };
};

/** What stands before the router. */
function before(app: INestApplication, look: (request: IncomingMessage) => void): void {
  (app.getHttpServer() as NodeJS.EventEmitter).prependListener('request', look);
}

const headerOf = ({ headers }: IncomingMessage, name: string): string | undefined =>
  headers[name] as string | undefined;

/** Parts of the app by the name of their class: most of ours are not exported. */
function partsNamed(app: INestApplication, wanted: string): readonly object[] {
  return [...app.get(ModulesContainer).values()].flatMap(({ providers }) =>
    [...providers.values()].filter(({ name }) => name === wanted).map(({ instance }) => instance as object),
  );
}

function trustEveryCookie(app: INestApplication): void {
  const authenticator = app.get(SessionAuthenticator, { strict: false });
  for (const finder of partsNamed(app, 'CallerFinder'))
    Object.assign(finder, {
      byCookie: (_: unknown, token: string | null) => token && authenticator.authenticate(token, 'cookie'),
    });
}

/** Sign-ins that wait, as far as it matters here. */
interface Waiting {
  find(kind: 'sign-in' | 'enrolment', token: string): Promise<Pick<Authentication, 'user'> | null>;
}

/** The token by which a sign-in goes on opens what a session opens. */
function takeForSessions(app: INestApplication, kind: 'sign-in' | 'enrolment'): void {
  const authenticator = app.get(SessionAuthenticator, { strict: false });
  const authenticate = authenticator.authenticate.bind(authenticator);
  const [waiting] = partsNamed(app, 'WaitingSignIns') as readonly Waiting[];
  const session = { sessionId: '', authEpoch: 0, deviceId: '', authenticatedAt: new Date() };
  Object.assign(authenticator, {
    authenticate: async (token: string, transport: Transport): Promise<Authentication | null> => {
      const found = await waiting!.find(kind, token);
      return found ? { ...session, user: found.user } : authenticate(token, transport);
    },
  });
}
