/**
 * The path of a request target as the most tolerant router would see it: no case, an absolute target (RFC 9112 section 3.2.2), percent
 * encoding (Fastify's router decodes before it matches), doubled slashes, backslashes and fragments hide nothing. For deciding what
 * is under a prefix; to take a path too many for ours only means to read its body strictly.
 */
export function normalisedPath(target: string): string {
  const path = pathOf(target);
  return decoded(path)
    .replaceAll('\\', '/')
    .replace(/\/{2,}/g, '/')
    .toLowerCase();
}

function pathOf(target: string): string {
  const relative = target.startsWith('/') ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i, '');
  const end = relative.search(/[?#]/);
  return end === -1 ? relative : relative.slice(0, end);
}

/** Run by run, so that one that cannot be decoded hides no other. */
function decoded(path: string): string {
  return path.includes('%') ? path.replace(/(?:%[0-9a-f]{2})+/gi, decodedRun) : path;
}

function decodedRun(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    return run;
  }
}
