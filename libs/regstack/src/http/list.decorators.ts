import { ValidateBy } from 'class-validator';
import { brokenText, type TextBounds } from '../kernel/text';

/** A whole number in a query, in digits. */
export function Whole({ min, max }: { readonly min: number; readonly max: number }): PropertyDecorator {
  const isWhole = (value: unknown): boolean =>
    typeof value === 'string' && /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max;
  const defaultMessage = () => `must be a whole number from ${min} to ${max}`;
  return ValidateBy({ name: 'whole', validator: { validate: isWhole, defaultMessage } });
}

/** A list of texts, each within bounds. */
export function Texts(bounds: TextBounds): PropertyDecorator {
  const broken = (value: unknown): string | null =>
    Array.isArray(value) ? (value.map((one) => brokenText(one, bounds)).find(Boolean) ?? null) : null;
  return ValidateBy({
    name: 'texts',
    validator: {
      validate: (value) => broken(value) === null,
      defaultMessage: (args) => `each ${broken(args?.value)}`,
    },
  });
}
