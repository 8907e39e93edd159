/** The secrets in the text of a secrets file, by its two lines. */
export function secretsOf(text: string): { readonly current: string; readonly previous: readonly string[] } {
  const current = /^REGSTACK_JWT_SECRET=(\S+)$/m.exec(text)?.[1];
  if (current === undefined) throw new Error('there is no whole line with a secret');
  const previous = /^REGSTACK_JWT_PREVIOUS_SECRETS=(\[.*\])$/m.exec(text)?.[1] ?? '[]';
  return { current, previous: JSON.parse(previous) as string[] };
}
