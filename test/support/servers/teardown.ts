import { stopServers } from './run.servers';

/** After the last suite. Where it is not reached, the servers end with the process: see `leash.mjs`. */
export default stopServers;
