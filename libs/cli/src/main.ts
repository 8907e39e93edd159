import 'reflect-metadata';
import { CommandFactory } from 'nest-commander';
import { CliModule } from './cli.module';
import { failureOf } from './failure';
import { version } from './version';

function end(error: unknown): void {
  const { exitCode, message } = failureOf(error);
  if (message !== null) process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}

CommandFactory.run(CliModule, {
  logger: false,
  abortOnError: false,
  cliName: 'regstack',
  version: version(),
  errorHandler: (error) => {
    throw error;
  },
  serviceErrorHandler: end,
}).catch(end);
