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

/** Ends the process once all is told: what a module of an app has begun beside its services, such as a timer, would keep it. */
async function leave(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength > 0) await new Promise((done) => stream.write('', done));
  }
  process.exit();
}

// Of what a module of an app has begun, too.
process.on('uncaughtException', (error) => {
  end(error);
  void leave();
});

CommandFactory.run(CliModule, {
  logger: false,
  abortOnError: false,
  cliName: 'regstack',
  version: version(),
  errorHandler: (error) => {
    throw error;
  },
  serviceErrorHandler: end,
})
  .catch(end)
  .finally(() => void leave());
