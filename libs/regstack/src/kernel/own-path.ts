/** Longest that is followed. */
const MOST = 2048;

/** A path: one slash, and then neither a second one nor what browsers take for one. */
const PATH = /^\/(?![/\\])[^\\]*$/;

// oxlint-disable-next-line no-control-regex -- what URL parsers strip, so that two slashes meet
const STRIPPED = /[\u0000-\u0020\u007f]/;

/**
 * Where a text leads on this origin, as path, query and fragment, or null for one that may lead elsewhere (W26): a path as it stands, and
 * again after the parser that browsers use (WHATWG URL section 4.4), whose result is what counts.
 */
export function ownPath(text: string, origin: string): string | null {
  if (text.length > MOST || !PATH.test(text) || STRIPPED.test(text)) return null;
  const url = URL.parse(text, origin);
  if (url?.origin !== new URL(origin).origin) return null;
  const path = url.pathname + url.search + url.hash;
  // Dot segments may have gone from between two slashes.
  return PATH.test(path) ? path : null;
}
