import { Schema } from '@regstack/nestjs';
import { checkOfApp } from '../check';
import { fail, pass } from '../../findings/finding';

/** The tables are those of this version, or the next start of the app makes them so. */
export const schema = checkOfApp('schema', async (app, { config }) => {
  const pending = await app.get(Schema).pending();
  if (pending.length === 0) return pass('is up to date');
  const told = `is behind by ${pending.length}: ${pending.join(', ')}`;
  if (!config!.autoMigrate) return fail(told, 'run: npx regstack migrate');
  return pass(`${told}; the app brings it up to date when it starts (auto_migrate)`);
});
