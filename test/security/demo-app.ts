import type { INestApplication } from '@nestjs/common';
import { FAST_HASH, freshDatabase, freshSecret } from '../support/demo';
import { Host } from '../support/host';
import { type Route, routesOf } from './discovery';
import { routerFacts } from './router-facts';

/** What the demo's own module says of its routes, and what the router was really given. */
export interface DemoRoutes {
  readonly routes: readonly Route[];
  /** `METHOD /path`. */
  readonly router: readonly string[];
}

/** Starts the module of the demo in this process, for as long as it takes to ask it for its routes. */
export async function demoRoutes(): Promise<DemoRoutes> {
  Object.assign(process.env, FAST_HASH, {
    REGSTACK_DATABASE_URL: await freshDatabase(),
    REGSTACK_JWT_SECRET: freshSecret(),
  });
  // Read now: the module takes its settings from the environment when it is loaded.
  const { AppModule } = await import('../../apps/demo/src/app.module');
  let router = (): readonly string[] => [];
  const host = await Host.start({ imports: [AppModule], controllers: [] }, (app: INestApplication) => {
    router = routerFacts(app);
  });
  const found = { routes: routesOf(host.app), router: router() };
  await host.stop();
  return found;
}
