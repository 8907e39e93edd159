import { StoreOpenError } from '@regstack/nestjs';
import type { Check } from '../check';
import { fail, type Finding, pass, skip } from '../../findings/finding';

/** The app can be put together: its packages are installed, its templates can be read. */
export const boot: Check = {
  name: 'boot',
  run({ app, bootError }) {
    if (app !== null || bootError instanceof StoreOpenError) return pass('the app can be put together');
    return bootError === null ? skip('needs a configuration that can be used') : failureOf(bootError);
  },
};

/** Its database can be reached, and lets the app in. */
export const database: Check = {
  name: 'database',
  run({ app, bootError }) {
    if (app !== null) return pass('can be opened');
    return bootError instanceof StoreOpenError ? failureOf(bootError) : skip('needs an app that starts');
  },
};

/** What keeps an app from starting; its message ends with the cure. */
function failureOf({ message }: Error): Finding {
  const text = message.replace(/^RegStack refuses to start, /, '');
  const at = text.lastIndexOf('; ');
  return at < 0
    ? fail(text, 'mend what the message names, and run doctor again')
    : fail(text.slice(0, at), text.slice(at + 2));
}
