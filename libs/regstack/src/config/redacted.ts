import { settingsOf } from './setting.decorator';

/** A copy of a configuration (or one of its sections) in which each secret that is set reads `[redacted]`. */
export function redacted(config: object): Record<string, unknown> {
  const values = config as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const { property, secret, section } of settingsOf(config.constructor as new () => object)) {
    const value = values[property];
    const isSet = value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
    if (section) copy[property] = redacted(value as object);
    else copy[property] = secret && isSet ? '[redacted]' : value;
  }
  return copy;
}
