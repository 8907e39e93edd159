import { type DynamicModule, type INestApplicationContext, Injectable, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RegStackConfig, RegStackModule, Schema } from '@regstack/nestjs';
import { EXIT, Refusal } from '../refusal';
import { Terminal } from '../terminal';
import type { AppOptions } from './app-options';
import { hostModule } from './host-module';
import { loadAppConfig } from './load-app-config';

/** Boots the app that a command is about: its services, and nothing that works in the background. */
@Injectable()
export class AppOpener {
  constructor(private readonly terminal: Terminal) {}

  /**
   * Does some work with the services of the app, then closes it, whatever became of the work. The schema is as it is.
   * @throws BootError where the app cannot start; its message tells the setting and the cure; Refusal where `options` name no app, or two
   */
  async use<T>(options: AppOptions, work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
    const app = await NestFactory.createApplicationContext(RegStackModule.asCommand(moduleOf(options)), {
      logger: false,
      abortOnError: false,
    });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  }

  /**
   * The same for work that needs the schema of this version: an old one is brought up to date where the boot of the app would do that.
   * @throws Refusal where the schema is old and `auto_migrate` is off
   */
  useUpToDate<T>(options: AppOptions, work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
    return this.use(options, async (app) => {
      await this.bringUpToDate(app);
      return work(app);
    });
  }

  private async bringUpToDate(app: INestApplicationContext): Promise<void> {
    const schema = app.get(Schema);
    if ((await schema.pending()).length === 0) return;
    if (!app.get(RegStackConfig).autoMigrate) {
      throw new Refusal(
        'the database schema is older than this version, and auto_migrate is off; run: regstack migrate',
      );
    }
    const done = await schema.bringUpToDate();
    if (done.length > 0) this.terminal.note(`the database schema was brought up to date: ${done.join(', ')}`);
  }
}

function moduleOf(options: AppOptions): Type | DynamicModule {
  const { config, module } = options;
  if (config !== undefined && module !== undefined) {
    throw new Refusal(
      '--config: an app of --module reads its configuration by itself; set REGSTACK_CONFIG for it instead',
      EXIT.usage,
    );
  }
  if (module !== undefined) return hostModule(module);
  return RegStackModule.forRoot(loadAppConfig(options));
}
