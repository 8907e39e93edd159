import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Adapter, Commands, HostSettings, Message, Request } from './protocol';

/** How long an idle process rests before its memory is read, ms. */
const REST_MS = 500;

/** What the parent wrote on the command line of this process. */
export const settings = JSON.parse(process.argv[2] ?? '{}') as HostSettings;

/** Serves a Nest app on a free port, tells the parent, and does what the parent asks. Ends with the parent. */
export async function serve(
  module: Type,
  commandsOf: (app: INestApplication) => Partial<Commands> = () => ({}),
): Promise<void> {
  const app = await create(module, settings.adapter);
  await app.listen(0, '127.0.0.1');
  const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
  listen({ memory, ...commandsOf(app) }, port);
}

/** Tells the parent the port, and answers its requests. */
export function listen(commands: Partial<Commands>, port: number): void {
  process.once('disconnect', () => process.exit());
  process.on('message', (request: Request) => void answer(commands, request));
  tell({ port });
}

async function answer(commands: Partial<Commands>, { id, name, args }: Request): Promise<void> {
  try {
    const command = commands[name] as ((args: unknown) => Promise<unknown>) | undefined;
    if (!command) throw new Error(`this host cannot ${name}`);
    tell({ id, result: await command(args) });
  } catch (error) {
    tell({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function tell(message: Message): void {
  process.send!(message);
}

async function memory(): Promise<number> {
  await delay(REST_MS);
  globalThis.gc?.();
  await delay(REST_MS);
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

/** An adapter is loaded only where it serves: what is not used must not count as memory. */
async function create(module: Type, adapter: Adapter): Promise<INestApplication> {
  const options = { logger: ['error', 'warn'] as ('error' | 'warn')[] };
  if (adapter === 'express') return NestFactory.create(module, options);
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  return NestFactory.create(module, new FastifyAdapter(), options);
}
