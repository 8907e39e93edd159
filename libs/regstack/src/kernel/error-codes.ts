/** Form of the codes of servers, gateways and sockets, and of the names of errors: what somebody typed is longer, or has other characters in it. */
const CODE = /^[A-Za-z][\w.]{0,63}$/;

/** A code as it is; undefined for what has not the form of one, which may hold anything. */
export function codeIn(value: unknown): string | number | undefined {
  return typeof value === 'number' || (typeof value === 'string' && CODE.test(value)) ? value : undefined;
}

/** Name and codes of an error: its message may quote an address or a body. Never throws, whatever it is. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  try {
    const { name, code, responseCode } = error as Error & Record<'code' | 'responseCode', unknown>;
    const codes = [name, code, responseCode].map(codeIn).filter((one) => one !== undefined);
    return codes.join(' ') || 'unknown';
  } catch {
    return 'unknown';
  }
}
