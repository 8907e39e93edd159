import { randomBytes } from 'node:crypto';
import type { OpenOptions } from '../../../libs/regstack/src/persistence/mongoose/mongoose.store';
import { DATABASES } from '../../support/databases';
import { MongoServer } from '../../support/servers/mongo.server';
import { storesOfRun } from '../../support/stores';

/** A server that suites of the adapter run on. */
export interface Topology {
  /** URL of an empty database that nobody else uses. */
  fresh(): Promise<string>;
  /** Ends the server, where it is the suite's own. */
  dispose(): Promise<void>;
}

const STARTERS: Readonly<Record<string, () => Promise<Topology>>> = {
  'the server of the run': async () => ({ fresh: () => DATABASES.mongo.fresh(), dispose: async () => {} }),
  // Found by discovery and not by `directConnection`, which would let the driver ask whatever member it met.
  'a replica set': async () => {
    const server = await MongoServer.start({ isReplicaSet: true });
    return {
      fresh: async () => server.url(`test_${randomBytes(8).toString('hex')}`),
      dispose: () => server.dispose(),
    };
  },
};

/** What the adapter's own suites run on, by name. */
export const TOPOLOGIES = Object.entries(STARTERS);

/** `describe` where MongoDB is among the stores of the run. */
export const describeOnMongo = storesOfRun().includes('mongo') ? describe : describe.skip;

/** How a store is opened, unless a test says otherwise. */
export const OPTIONS: OpenOptions = {
  tablePrefix: 'regstack_',
  schema: 'migrate',
  timeoutMs: 5000,
  poolSize: null,
  databaseName: null,
};
