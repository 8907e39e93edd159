import * as fc from 'fast-check';
import { Scene } from '../flows/scene';
import { sequences } from './commands';
import { SEED } from './model.seed';
import { Play, SETTINGS_OF_RULES } from './play';

const RUNS = Number(process.env['REGSTACK_TEST_MODEL_RUNS'] ?? 300);

describe('model', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start(SETTINGS_OF_RULES);
  });
  afterAll(() => scene.close());

  it(
    `G04: accounts do what the model does, in ${RUNS} sequences of seed ${SEED}`,
    async () => {
      const property = fc.asyncProperty(sequences, (commands) => new Play(scene).run(commands));
      const details = await fc.check(property, { numRuns: RUNS, seed: SEED });
      expect(fc.defaultReportMessage(details)).toBeUndefined();
    },
    120_000 + RUNS * 1000,
  );
});
