import { type BrowserServer, chromium } from 'playwright-core';

/** Nothing but what the pages ask for: no sandbox, as containers run as root, and no traffic of the browser's own. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let server: BrowserServer | undefined;

/** Starts the one browser of the run; suites in all workers find it by `REGSTACK_TEST_BROWSER_ENDPOINT`. It ends with this process. */
export async function startBrowser(): Promise<void> {
  server = await chromium.launchServer({
    executablePath: process.env['REGSTACK_TEST_BROWSER_PATH']!,
    args: FLAGS,
  });
  process.env['REGSTACK_TEST_BROWSER_ENDPOINT'] = server.wsEndpoint();
}

/** Ends it. */
export async function stopBrowser(): Promise<void> {
  await server?.close();
}
