import { ADAPTER } from '../support/adapter';
import { freshDatabase, STORE } from '../support/databases';
import { Demo } from '../support/demo';
import { demoRoutes } from './demo-app';
import { canaryMark } from './draft';
import { Generator } from './generator';
import { growthOf, type Report, run } from './run';
import { explore, type Ground, seedOfRun } from './world';

/** A share of all pairs of route and trick, another one in each run; a smaller one with the other adapter, and on a database server. */
const SHARE = STORE === 'sqlite' ? 4_000 : 2_000;
const USUAL = STORE === 'sqlite' && ADAPTER === 'express' ? 16_000 : SHARE;
/** How many requests are made: `REGSTACK_TEST_BAD_REQUESTS`. */
const COUNT = Number(process.env['REGSTACK_TEST_BAD_REQUESTS'] ?? USUAL);
if (!Number.isSafeInteger(COUNT) || COUNT < 1) throw new Error('REGSTACK_TEST_BAD_REQUESTS must be a number');
/** The number of a single request that is to be made again: `REGSTACK_TEST_BAD_REQUEST`. */
const ONLY = process.env['REGSTACK_TEST_BAD_REQUEST'];
/** From the end of the first fifth, when the process has its working size, to the end of the run. */
const GROWTH_MB = 50;
const MS_PER_REQUEST = 30;
/** Until everybody is there whom the requests need. */
const PATIENCE_MS = 120_000;
/** Some need a step that is under way, a box that is ticked, or end the session and lead to the sign-in: their own suites come through. */
const OF_PAGES = / \/account(\/|$)/;
/** Every message goes out at once here, so none is there that could be sent again. */
const OF_OUTBOX = /\/admin\/outbox\/:id\/retry$/;
/** Garbage is collected soon in a small heap, so what grows is what is kept; a leak beyond it ends the process. */
const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=96' };
/** A sign-in is proof enough for the whole run, and guesses and texts stop nobody: what is behind any of them is to be reached. */
const OPEN_DOORS = {
  REGSTACK_FRESH_SESSION_SECONDS: '86400',
  REGSTACK_LOGIN_LOCKOUT_THRESHOLD: '100',
  REGSTACK_ENABLE_SMS_2FA: 'true',
  REGSTACK_SMS_MAX_PER_HOUR: '1000',
  REGSTACK_SMS_MAX_PER_DAY: '10000',
  REGSTACK_SMS_MAX_PER_COUNTRY_PER_DAY: '1000000',
  REGSTACK_SMS_CODE_TTL_SECONDS: '600',
  REGSTACK_MFA_PENDING_TOKEN_TTL_SECONDS: '3600',
  REGSTACK_MFA_TRUSTED_DEVICE_DAYS: '1',
};

describe('G01: no bad request brings the app down, slows it down, or shows a password', () => {
  const seed = seedOfRun();
  let demo: Demo;
  let ground: Ground;
  let generator: Generator;

  beforeAll(async () => {
    const { routes } = await demoRoutes();
    const databaseUrl = await freshDatabase();
    demo = await Demo.start({ ...SMALL_HEAP, ...OPEN_DOORS, REGSTACK_DATABASE_URL: databaseUrl });
    ground = await explore(demo, databaseUrl, routes, seed);
    generator = new Generator(routes, ground.world);
    console.log(`seed ${seed}: ${generator.size} pairs of route and trick`);
  }, PATIENCE_MS);
  afterAll(async () => {
    await ground?.people.close();
    await demo.stop();
  });

  if (ONLY !== undefined)
    it(`request ${ONLY} of seed ${seed}`, async () => {
      const { failures } = await run(generator, ground, demo.pid, [Number(ONLY), Number(ONLY) + 1]);
      expect(failures).toEqual([]);
    });
  else
    it(
      `${COUNT} requests of seed ${seed}`,
      async () => {
        const report = await run(generator, ground, demo.pid, [0, COUNT]);
        console.log(summaryOf(report), `\n  ${ground.people.made} people were needed`);
        expect(report.failures.join('\n')).toBe('');
        expect(report.made).toBe(COUNT);
        // Most of what is sent reaches somebody who answers, and every route of the app: else nothing would have been tested.
        expect(report.statuses['none'] ?? 0).toBeLessThanOrEqual(COUNT / 20);
        if (COUNT >= generator.size) {
          expect(Object.keys(report.perRoute)).toHaveLength(generator.routes.length);
          const closed = ground.world.guarded.filter((route) => !isOpened(report, route));
          expect(closed.filter((route) => ![OF_PAGES, OF_OUTBOX].some((one) => one.test(route)))).toEqual([]);
        }
        expect(growthOf(report)).toBeLessThanOrEqual(GROWTH_MB);
      },
      60_000 + COUNT * MS_PER_REQUEST,
    );

  it('and after them the same process answers, and its log is clean', async () => {
    expect(demo.exit).toBeUndefined();
    expect((await demo.call('GET', '/orders')).status).toBe(401);
    const { log } = demo;
    const around = (at: number): string => (at < 0 ? '' : log.slice(Math.max(0, at - 300), at + 300));
    expect(around(log.indexOf(canaryMark(seed)))).toBe('');
    expect(around(log.search(/\n\s+at .+:\d+:\d+|ERROR|\(node:\d+\)/))).toBe('');
  });
});

/** Somebody came in, and was not refused there. */
const isOpened = ({ perRoute }: Report, route: string): boolean =>
  [...(perRoute[route] ?? [])].some((status) => status < 400);

function summaryOf(report: Report): string {
  const { made, statuses, perRoute, slowest } = report;
  const routes = Object.entries(perRoute).map(
    ([route, seen]) => `  ${route}: ${[...seen].toSorted((a, b) => a - b).join(' ')}`,
  );
  const counts = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
  return [
    `${made} requests, slowest ${Math.round(slowest)} ms, memory ${growthOf(report).toFixed(1)} MB`,
    `  ${counts.join(', ')}`,
    ...routes,
  ].join('\n');
}
