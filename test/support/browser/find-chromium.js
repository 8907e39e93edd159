const { accessSync, constants } = require('node:fs');
const path = require('node:path');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Path of the Chromium that the browser tests drive: `REGSTACK_TEST_BROWSER_PATH`, else the first on the `PATH`; null: there is none. */
exports.findChromium = ({ PATH = '', REGSTACK_TEST_BROWSER_PATH: named } = process.env) => {
  const folders = [...PATH.split(path.delimiter), '/usr/bin'];
  const candidates = named
    ? [named]
    : NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return candidates.find(canRun) ?? null;
};

function canRun(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
