import { AssertionError } from 'node:assert';
import { type ContractCase, PORT_CONTRACTS, type Store } from '@regstack/nestjs/testing';
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

/** Cases by the name under which their mutant is kept. */
const CASES = new Map<string, ContractCase>(
  Object.entries(PORT_CONTRACTS).flatMap(([port, cases]) =>
    cases.map((one) => [`${port}: ${one.name}`, one] as const),
  ),
);

const RACES = [...CASES].filter(([, { isRace }]) => isRace).map(([name]) => name);

describe.each(testStores())('on %s, a broken repository turns the contract red', (name, open) => {
  const mutants = MUTANTS[name] ?? {};
  const names = Object.keys(mutants);

  it('has a mutant for every race case, and none for a case that is not there', () => {
    expect(RACES.filter((race) => !names.includes(race))).toEqual([]);
    expect(names.filter((one) => !CASES.has(one))).toEqual([]);
  });

  it.each(names)('%s', async (broken) => {
    const opened = await open();
    const mutate = mutants[broken] as (store: Store) => unknown;
    mutate(opened.store);
    await expect(CASES.get(broken)?.run(opened.store)).rejects.toBeInstanceOf(AssertionError);
    await opened.dispose();
  });
});
