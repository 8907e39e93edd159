const { writeSync } = require('node:fs');

/** Ends the run with one plain line, after the summary, for machines that read it. */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    const line = `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed${skipped}\n`;
    // At the very end, and at once: a stream would not be flushed any more.
    process.once('exit', () => writeSync(1, line));
  }
};
