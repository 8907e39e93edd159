/** JSON with the keys of attributes in one order: objects have none, and no database promises to keep that of the request. */
export function inOneOrder(json: string): string {
  if (!json.includes('"attributes":')) return json;
  const order = (key: string, value: unknown): unknown => (key === 'attributes' ? sorted(value) : value);
  return JSON.stringify(JSON.parse(json), order);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, sorted(one)] as const);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
