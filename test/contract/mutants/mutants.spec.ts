import { AssertionError } from 'node:assert';
import { PORT_CONTRACTS, type Store } from '@regstack/nestjs/testing';
import { testStores } from '../../support/stores';
import { memoryMutants } from './memory.mutants';
import { mongoMutants } from './mongo.mutants';
import type { Mutants } from './mutant';
import { sqlMutants } from './sql.mutants';

const MUTANTS: Readonly<Record<string, Mutants<never>>> = {
  memory: memoryMutants,
  sqlite: sqlMutants,
  postgres: sqlMutants,
  mongo: mongoMutants,
};

/** Race cases by the name under which their mutant is kept. */
const RACES = Object.entries(PORT_CONTRACTS).flatMap(([port, cases]) =>
  cases.filter(({ isRace }) => isRace).map((one) => [`${port}: ${one.name}`, one] as const),
);

describe.each(testStores())('on %s, find-then-write turns the contract red', (name, open) => {
  const mutants = MUTANTS[name] ?? {};

  it('has a mutant for every race case, and for nothing else', () => {
    expect(Object.keys(mutants).toSorted()).toEqual(RACES.map(([race]) => race).toSorted());
  });

  it.each(RACES)('%s', async (race, contractCase) => {
    const opened = await open();
    const mutate = mutants[race] as ((store: Store) => unknown) | undefined;
    mutate?.(opened.store);
    await expect(contractCase.run(opened.store)).rejects.toBeInstanceOf(AssertionError);
    await opened.dispose();
  });
});
