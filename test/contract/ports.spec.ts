import { PORT_CONTRACTS } from '@regstack/nestjs/testing';
import { testStores, type TestStore } from '../support/stores';

describe.each(testStores())('on %s', (_, open) => {
  let opened: TestStore;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.dispose());

  describe.each(Object.entries(PORT_CONTRACTS))('%s', (_port, cases) => {
    it.each(cases)('$name', ({ run }) => run(opened.store));
  });
});
