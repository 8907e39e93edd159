import { Schema } from '@regstack/nestjs';
import { checkOfApp } from '../check';
import { fail, pass, warn } from '../../findings/finding';

/** The tables are those of this version, or the next start of the app makes them so. */
export const schema = checkOfApp('schema', async (app, { config }) => {
  const pending = await app.get(Schema).pending();
  if (pending.length === 0) return pass('is up to date');
  const told = `is behind by ${pending.length}: ${pending.join(', ')}`;
  if (!config!.autoMigrate) return fail(told, 'run: npx regstack migrate');
  return warn(told, 'start the app, which brings it up to date (auto_migrate), or run: npx regstack migrate');
});
