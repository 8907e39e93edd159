import { ValidateBy, ValidateIf } from 'class-validator';
import { codePoints, hasControl, isWellFormed } from '../kernel/text';

/** Bounds of a text field, code points in NFC. */
export interface TextBounds {
  readonly min?: number;
  readonly max: number;
  /** Passwords may hold any character; nothing else may hold control characters (NUL, line breaks). */
  readonly anyCharacter?: boolean;
}

/** A password that is to be set: the policy decides on its length, beyond a bound on the work of looking at it. */
export function NewPassword(): PropertyDecorator {
  return Text({ min: 0, max: 1024, anyCharacter: true });
}

/** A password to be compared: bounded, but not held to the policy, which it may be older than. */
export function Password(): PropertyDecorator {
  return Text({ max: 256, anyCharacter: true });
}

/** A field that may be missing, but not null. */
export function MayBeLeftOut(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** A field that may be missing, or null. */
export function MayBeNull(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null);
}

/** A field of the body that is text: well-formed Unicode within bounds. Messages name the rule, never the value (W46). */
export function Text(bounds: TextBounds): PropertyDecorator {
  return ValidateBy({
    name: 'text',
    validator: {
      validate: (value) => brokenText(value, bounds) === null,
      defaultMessage: (args) => brokenText(args?.value, bounds) ?? '',
    },
  });
}

/** The rule that a text breaks, or null. */
export function brokenText(
  value: unknown,
  { min = 1, max, anyCharacter = false }: TextBounds,
): string | null {
  if (typeof value !== 'string') return 'must be text';
  if (!isWellFormed(value) || value.includes('\0')) return 'must be well-formed Unicode text without NUL';
  if (!anyCharacter && hasControl(value)) return 'must not contain control characters';
  const length = codePoints(value.normalize('NFC'));
  return length < min || length > max ? `must have ${min} to ${max} characters` : null;
}
