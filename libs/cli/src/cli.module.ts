import { Module } from '@nestjs/common';
import { AppOpener } from './app/app.opener';
import { MigrateCommand } from './migrate/migrate.command';
import { Terminal } from './terminal';

/** Every command, and what they share. */
@Module({
  providers: [Terminal, AppOpener, MigrateCommand],
})
export class CliModule {}
