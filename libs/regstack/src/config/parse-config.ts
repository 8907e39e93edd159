import { validateSync } from 'class-validator';
import { ConfigError, type ConfigProblem, type SourceOf } from './config.error';
import { crossChecks } from './cross-checks';
import { notASetting } from './nearest-name';
import { RegStackConfig } from './regstack.config';
import { dotted, isTree, settingsOf, snakeCase } from './setting.decorator';
import { NOTHING, type Reading } from './source';

/** The settings as a host gives them in TypeScript: any subset, sections too. */
export type RegStackOptions = {
  readonly [
    K in keyof RegStackConfig as RegStackConfig[K] extends () => unknown ? never : K
  ]?: RegStackConfig[K] extends readonly unknown[]
    ? RegStackConfig[K]
    : RegStackConfig[K] extends string | number | boolean | null
      ? RegStackConfig[K]
      : Partial<RegStackConfig[K]>;
};

/** A tree of values by camelCase name, as one source gives it. */
export type SettingValues = { readonly [property: string]: unknown };

/**
 * Checks values and fills in the defaults. Unknown keys and broken rules are collected and thrown together; once each value is
 * right by itself, so are the combinations that contradict each other. Nothing is guessed.
 *
 * @param found what the readers of the values met already
 * @throws ConfigError naming every problem
 */
export function parseConfig(
  values: SettingValues,
  sourceOf: SourceOf,
  nodeEnv?: string,
  found: Pick<Reading, 'problems' | 'warnings'> = NOTHING,
): RegStackConfig {
  const problems = [...found.problems];
  const config = new RegStackConfig();
  assign(config, values, '', sourceOf, problems);
  if (problems.length === 0) problems.push(...crossChecks(config, sourceOf, nodeEnv));
  if (problems.length > 0) throw new ConfigError(problems);
  warningsByConfig.set(config, [...found.warnings, ...withoutEffect(config, sourceOf)]);
  return freeze(config);
}

const warningsByConfig = new WeakMap<RegStackConfig, readonly ConfigProblem[]>();

/** What the sources of this configuration say in vain: told at boot, and no reason to refuse it. */
export function warningsOf(config: RegStackConfig): readonly ConfigProblem[] {
  return warningsByConfig.get(config) ?? [];
}

function withoutEffect(config: RegStackConfig, sourceOf: SourceOf): ConfigProblem[] {
  const defaults = new RegStackConfig();
  return settingsOf(RegStackConfig)
    .filter(({ property, awaits }) => {
      const [given, usual] = [config, defaults].map((one) => Reflect.get(one, property) as unknown);
      return awaits !== undefined && given !== usual;
    })
    .map(({ property, awaits }) => ({
      key: dotted(property),
      source: sourceOf(property),
      message: `has no effect yet: ${awaits!} is not part of this version`,
    }));
}

function assign(
  target: object,
  values: SettingValues,
  path: string,
  sourceOf: SourceOf,
  problems: ConfigProblem[],
): void {
  const settings = settingsOf(target.constructor as new () => object);
  const names = settings.map(({ property }) => property);
  for (const [property, value] of Object.entries(values)) {
    const setting = settings.find((one) => one.property === property);
    const here = path + property;
    if (!setting) problems.push(unknown(here, names, sourceOf));
    else if (value === undefined) continue;
    else if (!setting.section) Reflect.set(target, property, value);
    else if (isTree(value)) {
      assign(Reflect.get(target, property) as object, value, `${here}.`, sourceOf, problems);
    } else {
      problems.push({ key: dotted(here), source: sourceOf(here), message: 'must be a section of settings' });
    }
  }
  problems.push(...brokenRules(target, path, sourceOf));
}

function brokenRules(target: object, path: string, sourceOf: SourceOf): ConfigProblem[] {
  return validateSync(target, { validationError: { target: false, value: false } }).map((error) => ({
    key: dotted(path + error.property),
    source: sourceOf(path + error.property),
    message: Object.values(error.constraints ?? {})
      .map((text) => text.replace(`${error.property} `, ''))
      .join('; '),
  }));
}

function unknown(path: string, names: readonly string[], sourceOf: SourceOf): ConfigProblem {
  const message = notASetting(path.split('.').at(-1)!, names, snakeCase);
  return { key: dotted(path), source: sourceOf(path), message };
}

function freeze(config: RegStackConfig): RegStackConfig {
  for (const value of Object.values(config))
    if (value !== null && typeof value === 'object') Object.freeze(value);
  return Object.freeze(config);
}
