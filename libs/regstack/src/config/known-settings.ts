import { RegStackConfig } from './regstack.config';
import { dotted, settingsOf } from './setting.decorator';

/** A setting as the sources know it. */
export interface KnownSetting {
  /** Dotted camelCase path: `email.smtpHost`. */
  readonly path: string;
  /** The same in files: `email.smtp_host`. */
  readonly key: string;
  /** What text is read as. */
  readonly type: 'boolean' | 'list' | 'number' | 'text';
  /** Its value is never printed. */
  readonly isSecret: boolean;
}

/** Every setting, those of the sections too, in the order of the schema. */
export const KNOWN_SETTINGS: readonly KnownSetting[] = flatten(RegStackConfig, '');

/** `email.smtp_host` → `REGSTACK_EMAIL__SMTP_HOST`. */
export function variableOf(key: string): string {
  return `REGSTACK_${key.replaceAll('.', '__').toUpperCase()}`;
}

function flatten(type: new () => object, prefix: string): KnownSetting[] {
  const defaults = new type() as Record<string, unknown>;
  return settingsOf(type).flatMap(({ property, section, isNumber = false, secret: isSecret = false }) => {
    const path = prefix + property;
    return section
      ? flatten(section, `${path}.`)
      : [{ path, key: dotted(path), type: isNumber ? 'number' : typeOf(defaults[property]), isSecret }];
  });
}

function typeOf(defaultValue: unknown): KnownSetting['type'] {
  if (typeof defaultValue === 'number') return 'number';
  if (typeof defaultValue === 'boolean') return 'boolean';
  return Array.isArray(defaultValue) ? 'list' : 'text';
}
