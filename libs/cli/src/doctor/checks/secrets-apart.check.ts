import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse, type TomlTable } from 'smol-toml';
import type { Check } from '../check';
import { fail, pass, skip } from '../../findings/finding';
import { ALWAYS_SECRET, mayHoldPassword, SIGNING, variableOf } from '../../app/secret-settings';

/** The TOML file, which is kept with the source, holds no secret. */
export const secretsApart: Check = {
  name: 'secrets-apart',
  run({ files: { toml } }) {
    if (toml === null) return skip('there is no regstack.toml');
    const table = tableIn(toml);
    if (table === null) return skip('regstack.toml cannot be read');
    const found = secretsIn(table);
    if (found.length === 0) return pass(`${basename(toml)} holds no secret`);
    return found.map((key) =>
      fail(
        `${key} stands in ${basename(toml)}, which is kept with the source`,
        `move its value to regstack.secrets.env as ${variableOf(key)}=…, and remove ${key} from ${basename(toml)}`,
      ),
    );
  },
};

function secretsIn(table: TomlTable): string[] {
  const keys = [...SIGNING, ...ALWAYS_SECRET].filter((key) => {
    const [section, name] = key.includes('.') ? (key.split('.') as [string, string]) : [null, key];
    return name in (section === null ? table : sectionOf(table, section));
  });
  const url = table['database_url'];
  return typeof url === 'string' && mayHoldPassword(url) ? [...keys, 'database_url'] : keys;
}

function sectionOf(table: TomlTable, name: string): object {
  const section = Object.hasOwn(table, name) ? table[name] : undefined;
  return typeof section === 'object' ? section : {};
}

function tableIn(file: string): TomlTable | null {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
