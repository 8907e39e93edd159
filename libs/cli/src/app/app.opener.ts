import { type DynamicModule, type INestApplicationContext, Injectable, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RegStackModule } from '@regstack/nestjs';
import type { AppOptions } from './app-options';
import { hostModule } from './host-module';
import { loadAppConfig } from './load-app-config';

/** Boots the app that a command is about: its services, and nothing that works in the background. */
@Injectable()
export class AppOpener {
  /**
   * Does some work with the services of the app, then closes it, whatever became of the work.
   * @throws BootError where the app cannot start; its message tells the setting and the cure
   */
  async use<T>(options: AppOptions, work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
    const app = await NestFactory.createApplicationContext(moduleOf(options), {
      logger: false,
      abortOnError: false,
    });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  }
}

function moduleOf(options: AppOptions): Type | DynamicModule {
  if (options.module !== undefined) return hostModule(options.module);
  return RegStackModule.forRoot(loadAppConfig(options));
}
