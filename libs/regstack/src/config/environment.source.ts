import { variableOf } from './known-settings';
import { interpret, type Reading } from './source';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that begin like settings but are none. */
const NO_SETTING = /^REGSTACK_(TEST_.*|CONFIG)$/;

/** `REGSTACK_*` variables: sections by `__` (`REGSTACK_EMAIL__SMTP_HOST`), lists separated by commas. */
export function readEnvironment(env: Environment): Reading {
  const lines = Object.entries(env)
    .filter(([name, value]) => name.startsWith('REGSTACK_') && !NO_SETTING.test(name) && value !== undefined)
    .map(([name, value]) => ({ key: keyOf(name), value, origin: name }));
  return interpret(lines, variableOf);
}

/** `REGSTACK_EMAIL__SMTP_HOST` → `email.smtp_host`. */
export function keyOf(variable: string): string {
  return variable.slice('REGSTACK_'.length).toLowerCase().replaceAll('__', '.');
}
