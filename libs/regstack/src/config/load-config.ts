import type { ConfigProblem } from './config.error';
import { nearestName } from './nearest-name';
import { parseConfig, type RegStackOptions, type SettingValues } from './parse-config';
import { RegStackConfig } from './regstack.config';
import { dotted, isTree, settingsOf, snakeCase } from './setting.decorator';

/** Variables that begin like settings but are none. */
const NO_SETTINGS = /^REGSTACK_TEST_/;

/** A file that is named and not read would be the silent kind of wrong. */
const NO_FILE: ConfigProblem = {
  key: 'REGSTACK_CONFIG',
  source: 'environment',
  message: 'configuration files are not part of this version; use REGSTACK_* variables',
};

/** A variable of the environment as it stands for one setting. */
interface Variable {
  readonly name: string;
  /** Dotted camelCase path. */
  readonly path: string;
  /** Tells how its text is read. */
  readonly defaultValue: unknown;
}

/**
 * The configuration from arguments, then `REGSTACK_*` environment variables (sections by `__`, as in
 * `REGSTACK_EMAIL__SMTP_HOST`; lists separated by commas), then defaults. Synchronous, so that it can stand in a decorator.
 *
 * @throws ConfigError naming every unknown variable and every bad value at once; values are never printed
 */
export function loadRegStackConfig(
  overrides: RegStackOptions = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
): RegStackConfig {
  const variables = knownVariables(RegStackConfig);
  const problems = unknownVariables(env, variables);
  const values: Record<string, unknown> = {};
  for (const variable of variables) {
    const text = env[variable.name];
    if (text === undefined) continue;
    const value = read(text, variable.defaultValue);
    if (value === undefined) problems.push(unreadable(variable));
    else put(values, variable.path, value);
  }
  const sourceOf = sources(variables, env, overrides);
  return parseConfig(merge(values, overrides), sourceOf, env['NODE_ENV'], problems);
}

function knownVariables(type: new () => object, prefix = 'REGSTACK_', path = ''): Variable[] {
  const defaults = new type() as Record<string, unknown>;
  return settingsOf(type).flatMap(({ property, section }) => {
    const name = prefix + snakeCase(property).toUpperCase();
    if (section) return knownVariables(section, `${name}__`, `${path}${property}.`);
    return [{ name, path: path + property, defaultValue: defaults[property] }];
  });
}

function unknownVariables(
  env: Readonly<Record<string, string | undefined>>,
  variables: readonly Variable[],
): ConfigProblem[] {
  const names = variables.map(({ name }) => name);
  return Object.keys(env)
    .filter((name) => name.startsWith('REGSTACK_') && !NO_SETTINGS.test(name) && !names.includes(name))
    .map((name) => {
      if (name === 'REGSTACK_CONFIG') return NO_FILE;
      const near = nearestName(name, names);
      const hint = near ? `; did you mean ${near}?` : '';
      return { key: name, source: 'environment', message: `is not a setting${hint}` };
    });
}

function unreadable({ path, name, defaultValue }: Variable): ConfigProblem {
  const expected = typeof defaultValue === 'boolean' ? 'must be true or false' : 'must be a number';
  return { key: dotted(path), source: name, message: expected };
}

/** The value that a variable's text stands for, by the type of the default; undefined when it cannot be read. */
function read(text: string, defaultValue: unknown): unknown {
  if (typeof defaultValue === 'boolean')
    return { true: true, '1': true, false: false, '0': false }[text.toLowerCase()];
  if (typeof defaultValue === 'number') return /^-?\d+$/.test(text.trim()) ? Number(text) : undefined;
  if (Array.isArray(defaultValue))
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return text;
}

function put(values: Record<string, unknown>, path: string, value: unknown): void {
  const [first, second] = path.split('.') as [string, string?];
  if (second === undefined) values[first] = value;
  else values[first] = { ...(values[first] as object | undefined), [second]: value };
}

/** Arguments win over the environment, inside sections as well. */
function merge(values: SettingValues, overrides: RegStackOptions): SettingValues {
  const sections = settingsOf(RegStackConfig).filter(({ section }) => section);
  const merged: Record<string, unknown> = { ...values };
  for (const [property, value] of Object.entries(overrides)) {
    const isSection = sections.some((one) => one.property === property) && isTree(value);
    if (value !== undefined)
      merged[property] = isSection ? Object.assign({}, merged[property], value) : value;
  }
  return merged;
}

function sources(
  variables: readonly Variable[],
  env: Readonly<Record<string, string | undefined>>,
  overrides: RegStackOptions,
): (path: string) => string {
  return (path) => {
    const [first, second] = path.split('.') as [keyof RegStackOptions, string?];
    const given: unknown = overrides[first];
    const isArgument =
      second === undefined ? given !== undefined : Reflect.has(Object(given) as object, second);
    if (isArgument) return 'argument';
    const variable = variables.find((one) => one.path === path);
    return variable && env[variable.name] !== undefined
      ? variable.name
      : `default; set ${variable?.name ?? path}`;
  };
}
