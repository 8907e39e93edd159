import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import {
  type RegStackGraphOptions,
  RegStackModule,
  type RegStackOptions,
  UsersService,
} from '@regstack/nestjs';
import type { CapturedMail, FakeClock, MemoryStore } from '@regstack/nestjs/testing';
import { type Route, routesOf } from '../security/discovery';
import { PASSWORD } from '../support/demo';
import { Host, HostController, replacements, SETTINGS } from '../support/host';
import { Visitor } from './visitor';

/** The admin of every place. */
export const EMAIL = 'ann@example.org';

/** What a host prepares, and what it has beside ours. */
export interface PlaceOptions {
  /** Below this global prefix. */
  readonly globalPrefix?: string;
  readonly controllers?: readonly Type[];
  readonly modules?: readonly DynamicModule[];
  readonly prepare?: (app: INestApplication) => unknown;
}

/** A host with pages, an admin, and visitors. */
export interface Place {
  readonly host: Host;
  readonly mail: CapturedMail;
  readonly clock: FakeClock;
  readonly store: MemoryStore;
  readonly adminId: string;
  /** Our pages, with their paths as a browser sees them; an id in them is that of the admin. */
  readonly routes: readonly Route[];
  /** The paths of those that are opened by GET. */
  readonly pages: readonly string[];
  readonly newVisitor: () => Visitor;
  /** Somebody who has signed in by the page: the admin, where nobody else is named. */
  readonly signedIn: (email?: string) => Promise<Visitor>;
}

const open: Host[] = [];

/** Ends the hosts of all places. */
export async function closePlaces(): Promise<void> {
  for (const host of open.splice(0)) await host.stop();
}

/** Starts a host with all pages, as far as its settings do not say otherwise. */
export async function openPlace(
  options: RegStackOptions & RegStackGraphOptions = {},
  { globalPrefix, controllers = [], modules = [], prepare }: PlaceOptions = {},
): Promise<Place> {
  const { providers, ...replaced } = replacements();
  const on = { enableUiRouter: true, enableAdminRouter: true, enableSms2fa: true };
  const all = { ...SETTINGS, ...on, ...options, providers };
  const metadata = {
    imports: [RegStackModule.forRoot(all), ...modules],
    controllers: [HostController, ...controllers],
  };
  const host = await Host.start(metadata, (app) => {
    if (globalPrefix !== undefined) app.setGlobalPrefix(globalPrefix);
    return prepare?.(app);
  });
  open.push(host);
  const { baseUrl = 'http://localhost:3000', uiPrefix = '/account' } = options;
  const users = host.app.get(UsersService, { strict: false });
  const { id: adminId } = await users.createAdmin({ email: EMAIL, password: PASSWORD });
  const base = `${new URL(baseUrl).pathname}/${globalPrefix ?? ''}`;
  const seenAs = (path: string): string => `${base}/${path}`.replaceAll(/\/+/g, '/').replace(/:\w+/, adminId);
  const routes = routesOf(host.app)
    .filter(({ kind }) => kind === 'page')
    .map((route) => ({ ...route, path: seenAs(route.path) }));
  const newVisitor = (): Visitor => new Visitor(host, baseUrl);
  return {
    ...{ host, ...replaced, adminId, routes, newVisitor },
    pages: routes.filter(({ method }) => method === 'GET').map(({ path }) => path),
    signedIn: async (email = EMAIL) => {
      const visitor = newVisitor();
      await visitor.signIn(seenAs(`${uiPrefix}/login`), email, PASSWORD);
      const isIn = [...visitor.cookies.keys()].some((name) => name.endsWith('-session'));
      if (!isIn) throw new Error(`${email} is not signed in`);
      return visitor;
    },
  };
}
