import { Module } from '@nestjs/common';
import { AppOpener } from './app/app.opener';
import { Terminal } from './terminal';

/** Every command, and what they share. */
@Module({ providers: [Terminal, AppOpener] })
export class CliModule {}
