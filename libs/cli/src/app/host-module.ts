import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { Type } from '@nestjs/common';
import { RegStackModule } from '@regstack/nestjs';
import { Refusal } from '../refusal';

/**
 * The module that a compiled file of an app exports: `AppModule`, the default export, or the only class whose name ends with `Module`.
 * @throws Refusal where there is no such file or class, or where the app has a RegStack of its own beside ours
 */
export function hostModule(file: string): Type {
  const path = resolve(file);
  const found = moduleIn(load(path));
  if (!found) throw new Refusal(`--module ${file}: exports no module; export the class AppModule from it`);
  if (ownDoor(path) !== RegStackModule) {
    throw new Refusal(
      `--module ${file}: uses another copy of @regstack/nestjs than this command; install @regstack/cli in the same project: npm install @regstack/cli`,
    );
  }
  return found;
}

function load(path: string): Record<string, unknown> {
  try {
    return createRequire(path)(path) as Record<string, unknown>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'MODULE_NOT_FOUND' || !message.includes(`'${path}'`)) throw error;
    throw new Refusal(`--module: there is no ${path}; build the app first, and name the compiled file`);
  }
}

function moduleIn(exports: Record<string, unknown>): Type | null {
  const classes = Object.entries(exports).filter(([, value]) => typeof value === 'function');
  const named = (name: string) => classes.find(([one]) => one === name)?.[1];
  const modules = classes.filter(([name]) => name.endsWith('Module'));
  const only = modules.length === 1 ? modules[0]![1] : undefined;
  return (named('AppModule') ?? named('default') ?? only ?? null) as Type | null;
}

function ownDoor(path: string): unknown {
  return (createRequire(path)('@regstack/nestjs') as { RegStackModule?: unknown }).RegStackModule;
}
