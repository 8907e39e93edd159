/** What the next hop of messages said, by its codes: its words may quote credentials. */
export function hopFailure(error: unknown): string {
  const { code, responseCode } = (error ?? {}) as {
    readonly code?: unknown;
    readonly responseCode?: unknown;
  };
  const codes = [code, responseCode].filter((one) => typeof one === 'string' || typeof one === 'number');
  return codes.length > 0 ? codes.join(', ') : 'it did not answer as it should';
}
