import { validateSync } from 'class-validator';
import { ConfigError, type ConfigProblem, type SourceOf } from './config.error';
import { crossChecks } from './cross-checks';
import { notASetting } from './nearest-name';
import { RegStackConfig } from './regstack.config';
import { dotted, isTree, settingsOf } from './setting.decorator';
import { NOTHING, type Reading } from './source';

/** The settings as a host gives them in TypeScript: any subset, sections too. */
export type RegStackOptions = {
  readonly [K in SettingOf<RegStackConfig>]?: RegStackConfig[K] extends
    readonly unknown[] | string | number | boolean | null
    ? RegStackConfig[K]
    : Partial<Pick<RegStackConfig[K], SettingOf<RegStackConfig[K]>>>;
};

/** Names of settings: what else a section has are methods. */
type SettingOf<S> = { [K in keyof S]: S[K] extends () => unknown ? never : K }[keyof S];

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
  warningsByConfig.set(config, found.warnings);
  return freeze(config);
}

const warningsByConfig = new WeakMap<RegStackConfig, readonly ConfigProblem[]>();

/** What the sources of this configuration say in vain: told at boot, and no reason to refuse it. */
export function warningsOf(config: RegStackConfig): readonly ConfigProblem[] {
  return warningsByConfig.get(config) ?? [];
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
    message: rulesIn(error.constraints ?? {})
      .map((text) => text.replace(`${error.property} `, ''))
      .join('; '),
  }));
}

/** Of a value of another type that is all there is to say. */
function rulesIn({ isInt, ...others }: Readonly<Record<string, string>>): readonly string[] {
  return isInt === undefined ? Object.values(others) : [isInt];
}

function unknown(path: string, names: readonly string[], sourceOf: SourceOf): ConfigProblem {
  return { key: path, source: sourceOf(path), message: notASetting(path.split('.').at(-1)!, names) };
}

function freeze(config: RegStackConfig): RegStackConfig {
  for (const value of Object.values(config))
    if (value !== null && typeof value === 'object') Object.freeze(value);
  return Object.freeze(config);
}
