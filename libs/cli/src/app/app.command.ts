import { Option } from 'nest-commander';
import { CliCommand } from '../cli.command';
import type { AppOptions } from './app-options';

/** A command about one app: all of them take `--config` and `--module`. */
export abstract class AppCommand extends CliCommand {
  @Option({
    flags: '-c, --config <file>',
    description: 'the regstack.toml of the app (default: $REGSTACK_CONFIG, else ./regstack.toml)',
  })
  config(file: string): string {
    return file;
  }

  @Option({
    flags: '-m, --module <file>',
    description:
      'compiled module of the app, where its options come from code, instead of --config: ./dist/app.module.js',
  })
  module(file: string): string {
    return file;
  }

  abstract override run(parameters: string[], options: AppOptions): Promise<void>;
}
