import { plain, type PlainValues } from './plain';

/** A value of an update's expressions, in a language in which a text that begins with a dollar is a field. */
export type Expression = unknown;

/** The value and nothing else, also where it is an object whose keys would be operators. */
export function literal(value: unknown): Expression {
  return { $literal: value };
}

/** Plain values by field, each as nothing else. */
export function literals<T extends { readonly [K in keyof T]: PlainValues[string] }>(
  values: T,
): Readonly<Record<string, Expression>> {
  const entries = Object.entries<PlainValues[string]>(plain(values));
  return Object.fromEntries(entries.map(([field, value]) => [field, literal(value)]));
}
