import { stopBrowser } from './browser.server';

/** After the last suite. */
export default stopBrowser;
