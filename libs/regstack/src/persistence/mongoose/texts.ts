/** Pattern of texts that have this one somewhere. The server refuses a pattern with a NUL in it. */
export function containing(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('\0', '\\x00');
}

/** The same in any case of A to Z, and of no other letter. */
export function containingInAnyCase(text: string): string {
  // Letters before everything else: what is escaped may hold some.
  return text
    .split(/([A-Za-z])/)
    .map((part, n) => (n % 2 ? `[${part.toLowerCase()}${part.toUpperCase()}]` : containing(part)))
    .join('');
}
