import { startBrowser } from './browser.server';

/** Before the first suite of a run that needs a browser; jest calls it once, in its own process. */
export default startBrowser;
