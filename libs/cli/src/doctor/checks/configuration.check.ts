import { basename } from 'node:path';
import { type ConfigProblem, configWarnings } from '@regstack/nestjs';
import type { Check } from '../check';
import { fail, type Finding, pass, warn } from '../../findings/finding';

/** It can be used, and nothing in it is said in vain. */
export const configuration: Check = {
  name: 'configuration',
  run({ config, problems, files }) {
    const warnings = config === null ? [] : configWarnings(config);
    const findings = [...problems.map(broken), ...warnings.map(inVain)];
    if (findings.length > 0 || config === null) return findings;
    const read = [files.toml, files.secrets].filter((file) => file !== null).map((file) => basename(file));
    return pass(read.length === 0 ? 'can be used; no file is read' : `can be used; read: ${read.join(', ')}`);
  },
};

function broken({ key, source, message }: ConfigProblem): Finding {
  return fail(`${key} (${source}): ${message}`, cureOf(source, message));
}

function inVain({ key, source, message }: ConfigProblem): Finding {
  return warn(`${key} (${source}): ${message}`, `remove it (${source})`);
}

function cureOf(source: string, message: string): string {
  const meant = /did you mean (\S+)\?$/.exec(message)?.[1];
  if (meant !== undefined) return `call it ${meant} (${source}), or remove it`;
  if (message.startsWith('is not a setting')) return `remove it (${source})`;
  const variable = /^default; set (\w+)$/.exec(source)?.[1];
  return variable === undefined ? `change it so (${source})` : `set it: ${variable}`;
}
