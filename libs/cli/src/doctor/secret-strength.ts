/** Fewer are no chance: 32 random hexadecimal digits have more in all but one of a billion cases. */
const FEWEST_CHARACTERS = 8;

/** Words of samples that are meant to be replaced. */
const SAMPLE = /change|example|secret|sample|placeholder|password|default/i;

/** Why somebody could guess a secret; null where it looks random. Says nothing of what it is. */
export function weaknessOf(secret: string): string | null {
  if (new Set(secret).size < FEWEST_CHARACTERS) return 'has too few different characters';
  if (SAMPLE.test(secret)) return 'looks like a sample';
  if (/^(.+?)\1+$/s.test(secret)) return 'repeats itself';
  if (isRow(secret)) return 'is a row of characters';
  if (/^[a-z]+([ _.-][a-z]+)*$/i.test(secret) && !isMixed(secret)) return 'is made of words';
  return null;
}

/** Whether most characters are the one before, or a neighbour of it: `abcdef`, `112233`. */
function isRow(secret: string): boolean {
  const units = Array.from(secret, (_, i) => secret.charCodeAt(i));
  const steps = units.slice(1).map((unit, i) => Math.abs(unit - units[i]!));
  return steps.filter((step) => step <= 1).length > steps.length / 2;
}

/** Capitals within words. */
function isMixed(secret: string): boolean {
  return /[a-z][A-Z]/.test(secret);
}
