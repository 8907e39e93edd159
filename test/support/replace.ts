/** Puts something in the place of methods of a repository. */
export function replace<T extends object, K extends keyof T>(
  target: T,
  name: K,
  change: (original: T[K]) => T[K],
): void {
  const original = target[name] as T[K] & { bind(to: T): T[K] };
  target[name] = change(original.bind(target));
}
