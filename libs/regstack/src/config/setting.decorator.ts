/** What the loader must know of a setting beyond its default and its validation rules. */
interface SettingTraits {
  /** Never printed, not even by `console.log(config)`. */
  readonly secret?: boolean;
  /** Class of a nested section, for example `[email]`. */
  readonly section?: new () => object;
  /** For a number whose default is null: text is read as the type of the default otherwise. */
  readonly isNumber?: boolean;
}

/** A setting as declared; `property` is its camelCase name. */
export interface DeclaredSetting extends SettingTraits {
  readonly property: string;
}

const declared = new WeakMap<object, DeclaredSetting[]>();

/** Declares a property as a setting, so that the environment and the arguments may set it under its name. */
export function Setting(traits: SettingTraits = {}): PropertyDecorator {
  return (prototype, property) => {
    const list = declared.get(prototype) ?? [];
    list.push({ property: String(property), ...traits });
    declared.set(prototype, list);
  };
}

/** The settings that a class declares, in the order of its source. */
export function settingsOf(type: new () => object): readonly DeclaredSetting[] {
  return declared.get(type.prototype as object) ?? [];
}

/** `jwtTtlSeconds` → `jwt_ttl_seconds`: the name of a setting in files, in the environment and in messages. */
export function snakeCase(property: string): string {
  return property.replace(/[A-Z]|2fa$/g, (part) => `_${part.toLowerCase()}`);
}

/** `email.smtpHost` → `email.smtp_host`. */
export function dotted(path: string): string {
  return path.split('.').map(snakeCase).join('.');
}

/** True for what may stand for a section: a plain tree of values (or a section of a ready configuration), no date, list or map. */
export function isTree(value: unknown): value is { readonly [property: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    prototype === null || prototype === Object.prototype || settingsOf(value.constructor as never).length > 0
  );
}
