/** What a field of a query or a document of ours may hold; for documents inside documents there are types of their own. */
type Plain = string | number | boolean | Date | null;

/** Fields of a query or a document, by name. */
export type PlainValues = Readonly<Record<string, Plain>>;

/**
 * The same values, each checked to be a plain one: an object in place of a text would act as an operator (`{ $ne: null }` matches
 * everybody), and `undefined` would be left out of the query or be stored as something else.
 *
 * @throws TypeError naming the field, never the value
 */
export function plain<T extends { readonly [K in keyof T]: Plain }>(values: T): T {
  for (const [field, value] of Object.entries<Plain>(values)) {
    if (!isPlain(value)) throw new TypeError(`${field} is not a plain value`);
  }
  return values;
}

function isPlain(value: unknown): boolean {
  return value === null || value instanceof Date || ['string', 'number', 'boolean'].includes(typeof value);
}
