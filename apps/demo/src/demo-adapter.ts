import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** The HTTP adapter of the demo: RegStack works on either, with the same answers. */
export function demoAdapter(name = 'express'): AbstractHttpAdapter {
  if (name === 'fastify') return new FastifyAdapter({ forceCloseConnections: true });
  if (name === 'express') return new ExpressAdapter();
  throw new Error('DEMO_ADAPTER must be express or fastify');
}
