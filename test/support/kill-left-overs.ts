import { dropDatabases } from './databases';
import { Demo } from './demo';
import { ServerProcess } from './servers/server-process';

afterAll(async () => {
  await Demo.killLeftOvers();
  await ServerProcess.endLeftOvers();
  await dropDatabases();
});
