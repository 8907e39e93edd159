import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { ADAPTER } from '../support/adapter';

/** What Express keeps of a route. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/**
 * Listens to the router itself: `METHOD /path` of what it was given, whoever gave it.
 * @returns asked after `app.init()`; to be called before it
 */
export function routerFacts(app: INestApplication): () => readonly string[] {
  return ADAPTER === 'fastify' ? ofFastify(app) : ofExpress(app);
}

function ofFastify(app: INestApplication): () => readonly string[] {
  const seen: string[] = [];
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) seen.push(`${one} ${url}`);
  });
  // Fastify adds a HEAD to every GET by itself.
  const added = (fact: string): boolean =>
    fact.startsWith('HEAD ') && seen.includes(fact.replace('HEAD', 'GET'));
  return () => seen.filter((fact) => !added(fact));
}

function ofExpress(app: INestApplication): () => readonly string[] {
  return () => {
    const { router } = app.getHttpAdapter().getInstance() as { router: { stack: readonly Layer[] } };
    return router.stack.flatMap(({ route }) =>
      route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : [],
    );
  };
}
