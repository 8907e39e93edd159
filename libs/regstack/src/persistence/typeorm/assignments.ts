/** What an UPDATE sets: for each column one expression, which sees the row as it was, and its parameters. */
export type Assignments = Readonly<Record<string, readonly [expression: string, ...params: unknown[]]>>;

/** The SET list of these, with its parameters in order. */
export function setList(assignments: Assignments): {
  readonly text: string;
  readonly params: readonly unknown[];
} {
  const entries = Object.entries(assignments);
  return {
    text: entries.map(([column, [expression]]) => `${column} = ${expression}`).join(', '),
    params: entries.flatMap(([, [, ...params]]) => params),
  };
}
