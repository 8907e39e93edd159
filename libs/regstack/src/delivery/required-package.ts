import { isNotInstalled } from '../kernel/optional-package';

/**
 * What a sender needs and this library does not bring.
 *
 * @param setting that asks for it, such as `email.backend = ses`
 * @throws Error naming the install line when a package is missing
 */
export async function required<T>(
  setting: string,
  packages: readonly string[],
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!packages.some((name) => isNotInstalled(error, name))) throw error;
    const needs = packages.length === 1 ? 'a package' : 'packages';
    throw new Error(
      `RegStack refuses to start, ${setting} needs ${needs}; run: npm install ${packages.join(' ')}`,
      { cause: error },
    );
  }
}
