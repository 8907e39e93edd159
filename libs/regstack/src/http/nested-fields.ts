type Field = readonly [name: string, value: unknown];

const ATTRIBUTES = 'attributes.';

const isAttribute = ([name]: Field): boolean => name.startsWith(ATTRIBUTES);

/** The fields of a form, which is flat, as a body has them: `attributes.language` is `language` of `attributes`. */
export function nestedFields(flat: readonly Field[]): Readonly<Record<string, unknown>> {
  const attributes = flat.filter(isAttribute).map(([name, value]) => [name.slice(ATTRIBUTES.length), value]);
  return Object.fromEntries([
    ...flat.filter((field) => !isAttribute(field)),
    ...(attributes.length === 0 ? [] : [['attributes', Object.fromEntries(attributes)]]),
  ]);
}
