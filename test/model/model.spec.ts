import * as fc from 'fast-check';
import { Scene } from '../flows/scene';
import { STORE } from '../support/databases';
import { type Command, sequences } from './commands';
import { SEED } from './model.seed';
import { Play } from './play';
import { SETTINGS_OF_RULES } from './settings';

/** On a database server, which is slower, what a store could break shows in fewer. */
const USUAL = STORE === 'sqlite' ? 200 : 80;
const RUNS = Number(process.env['REGSTACK_TEST_MODEL_RUNS'] ?? USUAL);
/** Sequences on one database: what each leaves behind makes the next ones slower. */
const PER_SCENE = 25;

describe('model', () => {
  let scene: Scene | undefined;
  let played = 0;
  afterAll(() => scene?.close());

  const play = async (commands: readonly Command[]): Promise<void> => {
    if (played++ % PER_SCENE === 0) {
      await scene?.close();
      scene = await Scene.start(SETTINGS_OF_RULES);
    }
    await new Play(scene!).run(commands);
  };

  it(
    `G04: accounts do what the model does, in ${RUNS} sequences of seed ${SEED}`,
    async () => {
      const details = await fc.check(fc.asyncProperty(sequences, play), { numRuns: RUNS, seed: SEED });
      expect(fc.defaultReportMessage(details)).toBeUndefined();
    },
    120_000 + RUNS * 3000,
  );
});
