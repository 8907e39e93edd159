import { loadRegStackConfig } from '@regstack/nestjs';
import { openStore, PORT_CONTRACTS, type Store } from '@regstack/nestjs/testing';
import { DATABASES } from '../../support/databases';
import { describeOnMongo, TOPOLOGIES, type Topology } from './topologies';

/** On the server of the run the contracts run anyway. */
const OTHERS = TOPOLOGIES.slice(1);

describeOnMongo.each(OTHERS)('every contract, on %s', (_title, start) => {
  let topology: Topology;
  let databaseUrl: string;
  let store: Store;
  beforeAll(async () => {
    topology = await start();
  });
  afterAll(() => topology.dispose());
  beforeEach(async () => {
    databaseUrl = await topology.fresh();
    store = await openStore(loadRegStackConfig({ databaseUrl, jwtSecret: 'x'.repeat(32) }, { env: {} }));
  });
  afterEach(async () => {
    await store.close();
    await DATABASES.mongo.drop(databaseUrl);
  });

  describe.each(Object.entries(PORT_CONTRACTS))('%s', (_port, cases) => {
    it.each(cases)('$name', ({ run }) => run(store));
  });
});
