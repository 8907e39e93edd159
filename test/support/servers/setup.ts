import { startServers } from './run.servers';

/** Before the first suite of a run that needs servers; jest calls it once, in its own process. */
export default startServers;
