import { MemoryStore } from '@regstack/nestjs/testing';
import { routesOf } from '../security/discovery';
import type { ServerStore } from '../support/databases';
import { testStores } from '../support/stores';
import { codesIn, gapsOf, statusesIn } from './coverage';
import { PLANTS } from './plants';
import { record, type Recorded, replay, told } from './play';
import { sequenceOf } from './sequence';
import { Stage } from '../support/stage/stage';

/** The same sequence in every run: what is red once must be red again. Other seeds are tried by hand, or by night. */
const SEED = process.env['REGSTACK_TEST_PARITY_SEED'] ?? 'parity';
const STEPS = Number(process.env['REGSTACK_TEST_PARITY_STEPS'] ?? 4800);
if (!(STEPS >= 1)) throw new Error('REGSTACK_TEST_PARITY_STEPS must be a number of steps');

/** A shorter sequence, made to look at something, need not reach everything. */
const LEAST = 2000;
const ofWhole = STEPS >= LEAST ? describe : describe.skip;
const PATIENCE_MS = 600_000;

/** What is held to the memory store: the others of the run. Alone it is held to itself, which shows that a replay is one. */
const others = testStores()
  .map(([name]) => name as ServerStore | 'memory')
  .filter((name, _, { length }) => name !== 'memory' || length === 1);

const phases = sequenceOf(SEED, STEPS);
let recorded: readonly Recorded[];
/** Pages call the services of the JSON routes, and have suites of their own on every store; here they are off. Those of mailed links are not. */
const OF_PAGES = /\/\.off(\/|$)|^\/regstack-static\//;
let discovered: readonly string[];

/** Works on a stage and closes it in any case; tells how long it took. */
async function on<T>(name: string, stage: Stage, work: (stage: Stage) => Promise<T>): Promise<T> {
  const [begin, cpu] = [Date.now(), process.cpuUsage()];
  try {
    return await work(stage);
  } finally {
    await stage.close();
    const { user, system } = process.cpuUsage(cpu);
    const [took, worked] = [(Date.now() - begin) / 1000, (user + system) / 1e6];
    say(`${took.toFixed(1)} s on ${name}, ${worked.toFixed(1)} s of CPU`);
  }
}

const say = (what: string): boolean => process.stderr.write(`parity: ${what}\n`);

beforeAll(async () => {
  await on('memory', Stage.onMemory(), async (stage) => {
    recorded = await record(stage, phases);
    discovered = routesOf(stage.host.app)
      .filter(({ path }) => !OF_PAGES.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  });
}, PATIENCE_MS);

describe(`one sequence of requests, recorded on the memory store (seed ${SEED})`, () => {
  it.each(others)(
    'gets the same answers, mails and events on %s',
    async (store) => {
      const stage = store === 'memory' ? Stage.onMemory() : await Stage.on(store);
      const difference = await on(store, stage, () => replay(stage, phases, recorded));
      if (difference) throw new Error(told(difference, { seed: SEED, store, recorded }));
      expect(recorded.length).toBeGreaterThanOrEqual(STEPS);
    },
    PATIENCE_MS,
  );
});

ofWhole('the sequence is worth something', () => {
  it('reaches every route, with every status and every code that it has', () => {
    expect(gapsOf(recorded, discovered)).toEqual([]);
  });

  it('misses a route that nobody put into the table, or that was never visited', () => {
    const unseen = recorded.filter(({ step: { route } }) => route !== 'GET /plain');
    expect(gapsOf(unseen, [...discovered, 'GET /new'])).toEqual([
      'GET /new is not in the table of routes',
      'GET /plain → 200 was never answered',
    ]);
  });

  it('makes at least 2000 requests, of which many succeed and many do not', () => {
    const statuses = statusesIn(recorded);
    const succeeded = recorded.filter(({ answer: { status } }) => status < 400).length;
    say(`${recorded.length} requests, ${succeeded} succeeded: ${JSON.stringify(statuses)}`);
    say(`${discovered.length} routes, ${codesIn(recorded).size} codes`);
    expect(recorded.length).toBeGreaterThanOrEqual(LEAST);
    expect(succeeded).toBeGreaterThan(recorded.length / 4);
    expect(succeeded).toBeLessThan(recorded.length * 0.75);
  });
});

ofWhole('a store that is a little different is found', () => {
  it.each(Object.entries(PLANTS))(
    '%s',
    async (name, { plant, shows }) => {
      const store = new MemoryStore();
      plant(store);
      const stage = Stage.onMemory(store);
      const difference = await on(name, stage, () => replay(stage, phases, recorded));
      if (!difference) throw new Error('nothing was found');
      const { expected, found } = difference;
      if (!shows(expected, found)) throw new Error(told(difference, { seed: SEED, store: name, recorded }));
      expect(found).not.toEqual(expected);
    },
    PATIENCE_MS,
  );
});
