import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { demoAdapter } from './demo-adapter';

const port = Number(process.env['PORT'] ?? 3000);

async function bootstrap(): Promise<void> {
  // Imported here, so that a wrong setting, which is found while AppModule is read, is told without a stack trace.
  const { AppModule } = await import('./app.module');
  const options = { abortOnError: false, forceCloseConnections: true };
  const app = await NestFactory.create(AppModule, demoAdapter(process.env['DEMO_ADAPTER']), options);
  app.enableShutdownHooks();
  await app.listen(port);
  new Logger('Demo').log(welcome(`http://localhost:${port}`));
}

function welcome(url: string): string {
  return `the demo is at ${url}

Open it in a browser and create an account. The mail with its link is printed here: open the link and press the button.
Nothing is sent to anybody. The same without a browser:

  curl -si ${url}/api/auth/register -H 'content-type: application/json' \\
    -d '{"email":"alice@example.org","password":"plum-Tractor-91-violet","full_name":"Alice"}'
  curl -s ${url}/api/auth/login -H 'content-type: application/json' \\
    -d '{"email":"alice@example.org","password":"plum-Tractor-91-violet"}'
  curl -s ${url}/orders -H 'authorization: Bearer ACCESS_TOKEN'

A second factor; its code is printed here too:

  curl -s ${url}/api/auth/phone/start -H 'authorization: Bearer ACCESS_TOKEN' -H 'content-type: application/json' \\
    -d '{"phone_number":"+4915228817386","current_password":"plum-Tractor-91-violet"}'
  curl -s ${url}/api/auth/phone/confirm -H 'authorization: Bearer ACCESS_TOKEN' -H 'content-type: application/json' \\
    -d '{"pending_token":"PENDING_TOKEN","code":"CODE"}'
`;
}

bootstrap().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exit(1);
});
