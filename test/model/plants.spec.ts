import * as fc from 'fast-check';
import { MemoryStore } from '@regstack/nestjs/testing';
import { Scene } from '../flows/scene';
import { sequences } from './commands';
import { SEED } from './model.seed';
import { Play } from './play';
import { SETTINGS_OF_RULES } from './settings';
import { PLANTS } from './plants';

/** As many as the suite itself plays on SQLite. */
const RUNS = 200;

/** How many sequences it took to find a difference, or null. */
async function foundAfter(plant: (store: MemoryStore) => void): Promise<number | null> {
  const store = new MemoryStore();
  const scene = await Scene.onMemory(store, SETTINGS_OF_RULES);
  plant(store);
  try {
    const property = fc.asyncProperty(sequences, (commands) => new Play(scene).run(commands));
    const { failed, numRuns } = await fc.check(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
    return failed ? numRuns : null;
  } finally {
    await scene.close();
  }
}

describe('defects that the model must find', () => {
  it.each(Object.entries(PLANTS))(
    '%s',
    async (_name, plant) => {
      const runs = await foundAfter(plant);
      if (process.env['REGSTACK_TEST_MODEL_TELL']) console.log(`${_name}: ${runs}`);
      expect(runs).not.toBeNull();
    },
    300_000,
  );
});
