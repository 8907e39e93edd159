/** True when loading failed because this very package is not installed, and not because something inside it is broken. */
export function isNotInstalled(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const missing = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
  return missing && typeof message === 'string' && message.includes(`'${name}'`);
}
