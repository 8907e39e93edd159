/** Of the sequences: always the same, or those of `REGSTACK_TEST_MODEL_SEED`. */
export const SEED = Number(process.env['REGSTACK_TEST_MODEL_SEED'] ?? 20_261_128);
