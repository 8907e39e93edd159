// Runs in the worker threads of Argon2Hasher. JavaScript, so that a thread can load it from the sources as well.
const argon2 = require('@node-rs/argon2');

/**
 * @typedef {{ memoryCost: number, timeCost: number, parallelism: number }} Cost
 * @typedef {{ hash: string } & Cost} HashJob
 */

module.exports = {
  /** @param {{ password: string, cost: Cost }} job @returns {string} PHC string (Argon2id, RFC 9106; salt of 16 random bytes) */
  hash({ password, cost }) {
    return argon2.hashSync(password, cost);
  },

  /**
   * Verifies, then does the work that `padding` asks for, so that a cheap old hash takes as long as a new one.
   * @param {{ password: string, hash: string, padding: Cost | null }} job @returns {boolean}
   */
  verify({ password, hash, padding }) {
    const matches = argon2.verifySync(hash, password);
    if (padding) argon2.hashRawSync(password, padding);
    return matches;
  },
};
