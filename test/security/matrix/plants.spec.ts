import type { INestApplication } from '@nestjs/common';
import { dropDatabases } from '../../support/databases';
import { callersOf } from './callers';
import { Ground } from './ground';
import { ALL_MUTANTS, type Mutant, PLAIN } from './mutants';
import { PLANTS, weed } from './plants';
import { LINES } from './table';
import { walk } from './walk';

/** The request as it is, and what the findings name; without findings, each way that reaches a route. */
const mutantsFor = (finds: readonly string[]): readonly Mutant[] =>
  ALL_MUTANTS.filter(
    (mutant) =>
      mutant === PLAIN ||
      finds.some((one) => one.includes(`, ${mutant.name}: `)) ||
      (finds.length === 0 && mutant.reach !== 'nothing'),
  );

/** Each plant is a walk of its own, over hundreds of requests. */
const PLANT_MS = 300_000;

/** Enough to tell who gets further. */
const isAsked = (name: string): boolean => /^(nobody|somebody|a disabled|user|editor|admin)/.test(name);

describe('G10: the matrix sees a route that is open to whom it should not be', () => {
  let ground: Ground;
  afterEach(async () => {
    weed();
    await ground.stop();
  });
  afterAll(dropDatabases);

  it.each(PLANTS)(
    '$name',
    async ({ play, options = {}, at, finds }) => {
      ground = await Ground.start(options, play);
      const callers = await callersOf(ground, { spares: 1, isAsked });
      const lines = LINES.filter(({ path }) => path.startsWith(at));
      const { deviations } = await walk(ground, { callers, mutants: mutantsFor(finds), lines });
      if (finds.length === 0) expect(deviations).toEqual([]);
      for (const one of finds) expect(deviations.filter((found) => found.startsWith(one))).toHaveLength(1);
    },
    PLANT_MS,
  );

  it('a route that no line names', async () => {
    ground = await Ground.start({}, (app: INestApplication) => {
      app
        .getHttpAdapter()
        .get('/left-open', (_: unknown, reply: { send(text: string): void }) => reply.send(''));
    });
    expect(ground.routes).toContain('GET /left-open');
  });
});
