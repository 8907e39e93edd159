import { dirname, resolve } from 'node:path';
import { StoreOpenError } from '@regstack/nestjs';
import type { Check, Subject } from '../check';
import { sqliteFile } from '../sqlite-file';
import { fail, type Finding, pass, skip, warn } from '../../findings/finding';

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
  run(subject) {
    const { app, bootError } = subject;
    if (app !== null) return opened(subject);
    return bootError instanceof StoreOpenError ? failureOf(bootError) : skip('needs an app that starts');
  },
};

/** A relative path is another one for an app that starts elsewhere. */
function opened({ config, files }: Subject): Finding {
  const file = sqliteFile(config);
  if (file === null) return pass('can be opened');
  const [fromHere, beside] = [resolve(file), files.toml === null ? null : resolve(dirname(files.toml), file)];
  if (beside === null || beside === fromHere) return pass(`${fromHere} can be opened`);
  return warn(
    `database_url means ${fromHere} from here, and ${beside} for an app that starts beside its regstack.toml`,
    'name the whole path of the file in database_url',
  );
}

/** What keeps an app from starting; its message ends with the cure. */
function failureOf({ message }: Error): Finding {
  const text = message.replace(/^RegStack refuses to start, /, '');
  const at = text.lastIndexOf('; ');
  return at < 0
    ? fail(text, 'mend what the message names, and run doctor again')
    : fail(text.slice(0, at), text.slice(at + 2));
}
