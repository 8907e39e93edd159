import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** The HTTP adapter that this project of the run is about; `jest.config.js` sets it. None where it makes no difference. */
export const ADAPTER = (globalThis as unknown as { HTTP_ADAPTER?: 'express' | 'fastify' }).HTTP_ADAPTER;

/** A new adapter of that kind. */
export const newAdapter = (): AbstractHttpAdapter =>
  ADAPTER === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
