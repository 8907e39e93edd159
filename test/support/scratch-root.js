const { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const IN_MEMORY = '/dev/shm';
const ENOUGH_BYTES = 4 * 1024 ** 3;

/**
 * Makes the folder below which a run keeps its databases, and removes it when this process ends. It lies in memory where there is room: a
 * test waits for the disk at every write otherwise, and none is about a machine that loses power. A process that is killed loses nothing
 * by it.
 */
function makeScratchRoot() {
  const root = mkdtempSync(path.join(hasRoomInMemory() ? IN_MEMORY : tmpdir(), 'regstack-run-'));
  // PostgreSQL may have to run as another user, who must come through.
  chmodSync(root, 0o711);
  process.once('exit', () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
  return root;
}

function hasRoomInMemory() {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ENOUGH_BYTES && process.availableMemory() >= ENOUGH_BYTES;
  } catch {
    return false;
  }
}

module.exports = { makeScratchRoot };
